import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { type ClientOptions, WebSocket } from 'ws';
import { inTime, type Peer, Unmet } from '../conformance.js';
import { trustingContext } from '../tls.js';
import { PATH } from './wire.js';

/** Largest message that is taken. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

export interface CallOptions {
  /** Absent: none is named. */
  readonly channel?: string;
  /** Absent: that of the contract. */
  readonly path?: string;
  readonly protocols: readonly string[];
  readonly since?: number;
}

/** The answer to the upgrade is one that a client may not accept (RFC 6455, 4.1). */
export class WrongUpgrade extends Unmet {}

/** The status that an upgrade is refused with; `null`: it is not. @throws Unmet where the answer is none. */
export async function refusalOf(peer: Peer, options: CallOptions): Promise<number | null> {
  const { socket, opened } = call(peer, options);
  try {
    const outcome = await opened;
    return typeof outcome === 'number' ? outcome : null;
  } finally {
    socket.terminate();
  }
}

/** What came before anybody listened: the server may write in the turn in which it upgrades. */
interface Early {
  readonly taken: { readonly frame: Buffer; readonly isBinary: boolean }[];
  closed: { readonly code: number; readonly reason: string } | null;
  readonly take: (frame: Buffer, isBinary: boolean) => void;
}

export interface Opened {
  readonly raw: Socket;
  readonly early: Early;
}

/** Asks for an upgrade; `opened` resolves to what came of it, or to the status that refused it. */
export function call(
  peer: Peer,
  { channel, path = PATH, protocols, since }: CallOptions,
): { readonly socket: WebSocket; readonly opened: Promise<Opened | number> } {
  const url = new URL(path, peer.origin.replace(/^http/, 'ws'));
  if (channel !== undefined) url.searchParams.set('channel', channel);
  if (since !== undefined) url.searchParams.set('since', String(since));
  const options: ClientOptions & ConnectionOptions = {
    headers: { ...peer.headers },
    ...(peer.tls && { secureContext: trustingContext(peer.tls) }),
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    // The bound below says what did not come.
    handshakeTimeout: 2 * peer.patienceMs,
  };
  const socket = new WebSocket(url, [...protocols], options);
  const early: Early = {
    taken: [],
    closed: null,
    take: (frame, isBinary) => early.taken.push({ frame, isBinary }),
  };
  socket.on('message', early.take);
  socket.once('close', (code, reason) => {
    early.closed = { code, reason: String(reason) };
  });
  const opened = new Promise<Opened | number>((resolve, reject) => {
    let raw: Socket | undefined;
    socket.once('upgrade', (answer) => {
      raw = answer.socket;
    });
    socket.once('open', () => raw && resolve({ raw, early }));
    socket.once('unexpected-response', (request, answer) => {
      answer.destroy();
      request.destroy();
      resolve(answer.statusCode ?? 0);
    });
    socket.on('error', (error) => {
      const text = `the upgrade failed: ${error.message}`;
      // What the system or the parser says has a code; what the library refuses has none.
      reject('code' in error ? new Unmet(text) : new WrongUpgrade(text));
    });
  });
  return {
    socket,
    opened: inTime(peer, 'the answer to the upgrade', opened).catch((error: unknown) => {
      socket.terminate();
      throw error;
    }),
  };
}
