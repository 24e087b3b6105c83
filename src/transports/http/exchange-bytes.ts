import type { Socket } from 'node:net';
import type { ByteLedger, BytePart } from '../../metrics/byte-ledger.js';
import type { HttpRequest, HttpResponse } from '../transport.js';

/** What an answer consists of; its status line and header fields come on top. */
export interface AnswerBytes {
  /** Bytes of bodies as they were published. */
  readonly payload: number;
  /** Bytes of the whole answer's body. */
  readonly body: number;
}

/**
 * Tells a ledger the bytes of HTTP/1.1 requests and their answers, from the counters of the connection itself. That is
 * exact because a client sends its next request only after the answer to the last: what has come on a connection since
 * then is this request. Over HTTP/2 requests share a connection, and only their bodies are told.
 */
export class ExchangeBytes {
  readonly #ledger: ByteLedger;
  /** Bytes of each connection that belong to earlier requests. */
  readonly #told = new WeakMap<Socket, number>();

  constructor(ledger: ByteLedger) {
    this.#ledger = ledger;
  }

  /** Bytes of a request that has been read to its end. To be called once for each. */
  request({ socket, httpVersionMajor }: HttpRequest): number {
    if (httpVersionMajor === 2) return 0;
    const bytes = socket.bytesRead - (this.#told.get(socket) ?? 0);
    this.#told.set(socket, socket.bytesRead);
    return bytes;
  }

  /** A poll has come. Whether messages are in its answer is not known yet, so that it counts as headers. */
  poll(request: HttpRequest): Poll {
    const bytes = this.request(request);
    this.#ledger.up.headers += bytes;
    return { bytes, generation: this.#ledger.generation };
  }

  /** The poll got no message. */
  emptied({ bytes, generation }: Poll): void {
    const { up } = this.#ledger;
    // One that came before the counting began anew is no longer among the headers.
    if (generation !== this.#ledger.generation) return;
    up.headers -= bytes;
    up.emptyPolls += bytes;
  }

  /** Sends an answer with messages. */
  filled(response: HttpResponse, { payload, body }: AnswerBytes, send: () => void): void {
    const { down } = this.#ledger;
    const isHttp2 = response.req.httpVersionMajor === 2;
    const told = bytesOf(response, send);
    const bytes = isHttp2 ? body : told;
    // Nothing goes to a client that has left.
    if (bytes === 0) return;
    down.headers += bytes - body;
    down.framing += body - payload;
    down.payload += payload;
  }

  /** Sends an answer without a message, all of it of one part. */
  whole(response: HttpResponse, part: BytePart, send: () => void): number {
    const bytes = bytesOf(response, send);
    this.#ledger.down[part] += bytes;
    return bytes;
  }
}

/** A poll that waits for its answer. */
export interface Poll {
  readonly bytes: number;
  readonly generation: number;
}

/** Bytes that `send` puts on the connection, those that wait in this process included; 0 over HTTP/2. */
function bytesOf({ req, socket }: HttpResponse, send: () => void): number {
  if (req.httpVersionMajor === 2) {
    send();
    return 0;
  }
  const before = socket?.bytesWritten ?? 0;
  send();
  return (socket?.bytesWritten ?? 0) - before;
}
