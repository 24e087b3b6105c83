import type { ServerHttp2Session } from 'node:http2';
import type { ByteLedger } from '../../metrics/byte-ledger.js';
import type { HttpHandler, HttpRequest } from '../transport.js';

/** RFC 9113, 4.1 and 6.7: the head of a frame, and 8 bytes of the sender's. */
const PING_FRAME_BYTES = 9 + 8;

/** The request with its session, which both ends of a connection share. */
interface Http2Request extends HttpRequest {
  readonly stream: { readonly session?: ServerHttp2Session };
}

/**
 * Pings each client that comes to `handle` every `pingMs`, and ends the connection of one that has not answered until
 * the next is due.
 */
export function pinging(handle: HttpHandler, pingMs: number, ledger: ByteLedger): HttpHandler {
  const known = new WeakSet<ServerHttp2Session>();
  return (request, response, url) => {
    const session = isHttp2(request) ? request.stream.session : undefined;
    if (session && !known.has(session)) {
      known.add(session);
      startPings(session, pingMs, ledger);
    }
    handle(request, response, url);
  };
}

function startPings(session: ServerHttp2Session, pingMs: number, { up, down }: ByteLedger): void {
  let waiting = false;
  const onAnswer = (error: Error | null) => {
    waiting = false;
    if (!error) up.heartbeats += PING_FRAME_BYTES;
  };
  const beat = () => {
    if (session.destroyed || session.closed) return;
    if (waiting) {
      session.destroy();
      return;
    }
    waiting = session.ping(onAnswer);
    if (waiting) down.heartbeats += PING_FRAME_BYTES;
  };
  // After timers the event loop reads what has come: an answer that waited for a busy process is not missed.
  const timer = setInterval(() => setImmediate(beat), pingMs);
  session.once('close', () => clearInterval(timer));
}

function isHttp2(request: HttpRequest): request is Http2Request {
  return request.httpVersionMajor === 2 && 'stream' in request;
}
