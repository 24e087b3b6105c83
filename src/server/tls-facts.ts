import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { ServerIdentity } from './certificate.js';
import { TLS_CIPHER, tlsEntrance } from './tls-entrance.js';

/** What a handshake of this suite agrees on. */
export interface TlsFacts {
  readonly version: string;
  readonly cipher: string;
  /** `null` where Node does not tell, as for hybrid groups. */
  readonly keyExchange: string | null;
  readonly alpn: readonly string[];
  readonly certificate: string;
  /** Sent by the server after a full handshake. */
  readonly sessionTickets: number;
  readonly openssl: string;
}

/**
 * Shakes hands with this identity, once for each protocol that the front door agrees on, and tells what came of it.
 * Rejects when the handshake fails.
 */
export async function readTlsFacts(identity: ServerIdentity): Promise<TlsFacts> {
  const http2 = await shakeHands(identity, 'h2');
  const http1 = await shakeHands(identity, 'http/1.1');
  return { ...http2, alpn: [http2.alpn, http1.alpn] };
}

async function shakeHands(identity: ServerIdentity, alpn: string): Promise<Omit<TlsFacts, 'alpn'> & { alpn: string }> {
  const server = createServer(tlsEntrance(identity, alpn, (socket) => socket.end('.')));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect({ host: '127.0.0.1', port, ca: identity.certificate, ALPNProtocols: ['h2', 'http/1.1'] });
  // Node tells of tickets once it reads what follows them.
  let sessionTickets = 0;
  socket.on('session', () => sessionTickets++);
  try {
    await once(socket, 'secureConnect');
    const facts = factsOf(socket);
    socket.resume();
    await once(socket, 'end');
    return { ...facts, sessionTickets };
  } finally {
    socket.destroy();
    server.close();
  }
}

function factsOf(socket: TLSSocket) {
  const key = socket.getEphemeralKeyInfo();
  return {
    version: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName ?? TLS_CIPHER,
    keyExchange: key && 'name' in key && typeof key.name === 'string' ? key.name : null,
    alpn: socket.alpnProtocol || 'none',
    certificate: 'ECDSA P-256, self-signed',
    openssl: process.versions.openssl,
  };
}
