import type { ServerHttp2Session } from 'node:http2';
import type { ByteLedger } from '../../metrics/byte-ledger.js';
import { PATIENCE } from '../heartbeat.js';
import { watchSilence } from '../silence-watch.js';
import type { HttpHandler, HttpRequest } from '../transport.js';

/** RFC 9113, 4.1 and 6.7: the head of a frame, and 8 bytes of the sender's. */
const PING_FRAME_BYTES = 9 + 8;

/** The request with its session, which both ends of a connection share. */
interface Http2Request extends HttpRequest {
  readonly stream: { readonly session?: ServerHttp2Session };
}

/**
 * Pings each client that comes to `handle` every `pingMs`, and ends the connection of one from which nothing has come
 * for two of them.
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
  const onAnswer = (error: Error | null) => {
    if (!error) up.heartbeats += PING_FRAME_BYTES;
  };
  const timer = setInterval(() => {
    if (session.destroyed || session.closed) return;
    if (session.ping(onAnswer)) down.heartbeats += PING_FRAME_BYTES;
  }, pingMs);
  const endWatch = watchSilence(session.socket, PATIENCE * pingMs, () => session.destroy());
  session.once('close', () => {
    clearInterval(timer);
    endWatch();
  });
}

function isHttp2(request: HttpRequest): request is Http2Request {
  return request.httpVersionMajor === 2 && 'stream' in request;
}
