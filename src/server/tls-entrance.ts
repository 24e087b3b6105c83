import type { Socket } from 'node:net';
import { createServer } from 'node:tls';
import type { ServerIdentity } from './certificate.js';

/**
 * TLS as the front door speaks it: version 1.3 with the cipher that browsers prefer, and nothing else, so that every
 * technique gets the same. Session tickets are OpenSSL's default, two after each full handshake.
 */
export const TLS_VERSION = 'TLSv1.3';
export const TLS_CIPHER = 'TLS_AES_128_GCM_SHA256';

/**
 * Takes raw sockets and gives on decrypted ones once their handshake is done; a handshake that fails ends its socket.
 * `alpn`: the protocol to agree on with a client that asks for one, which it must then offer.
 */
export function tlsEntrance(
  { certificate, key }: ServerIdentity,
  alpn: string | undefined,
  serve: (socket: Socket) => void,
): (raw: Socket) => void {
  const server = createServer({
    cert: certificate,
    key,
    minVersion: TLS_VERSION,
    ciphers: TLS_CIPHER,
    ...(alpn !== undefined && { ALPNProtocols: [alpn] }),
  });
  server.on('secureConnection', (socket) => {
    // A peer that resets a connection must not end the server, whoever holds the socket by then.
    socket.on('error', () => socket.destroy());
    serve(socket);
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return (raw) => server.emit('connection', raw);
}
