import { connect as connectTcp, isIP, type TcpNetConnectOpts } from 'node:net';
import { type ConnectionOptions, connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import type { TlsTrust } from './transport.js';

let latest: { readonly ca: string | null; readonly context: SecureContext } | undefined;

/** A context that trusts this authority and no other, or those of the system; one for all of a process's connections, which it makes cheap. */
export function trustingContext({ ca }: TlsTrust): SecureContext {
  if (latest?.ca !== ca) latest = { ca, context: createSecureContext(ca === null ? {} : { ca }) };
  return latest.context;
}

/** Over a TCP socket of its own, whose bytes whoever watches sockets sees as they cross the network. */
export function openTls(target: TcpNetConnectOpts, options: ConnectionOptions): TLSSocket {
  const { host = 'localhost' } = target;
  const tcp = connectTcp({ ...target, noDelay: true });
  // It takes the errors of the TCP socket for its own.
  return connect({ host, ...(isIP(host) === 0 && { servername: host }), ...options, socket: tcp });
}
