import type { FetchLike, FetchLikeResponse, ReaderLike } from 'eventsource';
import type { Dispatcher } from 'undici';
import type { HttpClient } from '../http/http-client.js';
import { EventLength } from './event-length.js';

/** Most bytes that wait for `EventSource` before the socket is left to wait instead. */
const MAX_WAITING_BYTES = 256 * 1024;

/**
 * The `fetch` that `EventSource` is given: the little of a `Response` that it reads, straight from undici's dispatcher.
 * The web streams of the usual `fetch` cost more than everything else on the way of a message.
 *
 * @param maxEventBytes of a longer event the response fails.
 * @param lastEventId sent with the first request, as after a reconnect; later ones carry the library's own.
 */
export function eventFetch(http: HttpClient, lastEventId: number | null, maxEventBytes?: number): FetchLike {
  return (url, { headers }) =>
    new Promise((resolve, reject) => {
      const { pathname, search } = new URL(url);
      const first = lastEventId === null ? {} : { 'Last-Event-ID': String(lastEventId) };
      http.dispatch(
        { method: 'GET', path: pathname + search, headers: { ...first, ...headers } },
        new StreamedResponse(String(url), resolve, reject, maxEventBytes).handler,
      );
    });
}

class StreamedResponse {
  readonly #url: string;
  readonly #resolve: (response: FetchLikeResponse) => void;
  readonly #reject: (error: Error) => void;
  readonly #body = new ChunkReader();
  readonly #length: EventLength | undefined;

  constructor(
    url: string,
    resolve: (response: FetchLikeResponse) => void,
    reject: (error: Error) => void,
    maxEventBytes: number | undefined,
  ) {
    this.#length = maxEventBytes === undefined ? undefined : new EventLength(maxEventBytes);
    this.#url = url;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  get handler(): Dispatcher.DispatchHandler {
    const body = this.#body;
    return {
      onRequestStart: () => {},
      onResponseStart: (controller, status, headers) => {
        body.onRoom = () => controller.resume();
        this.#resolve({
          status,
          url: this.#url,
          redirected: false,
          headers: { get: (name) => firstOf(headers[name]) },
          body: { getReader: () => body },
        });
      },
      onResponseData: (controller, chunk) => {
        if (this.#length?.isTooLong(chunk)) controller.abort(new Error(this.#length.problem));
        else if (!body.push(chunk)) controller.pause();
      },
      onResponseEnd: () => body.end(),
      onResponseError: (_controller, error) => {
        body.fail(error);
        this.#reject(error);
      },
    };
  }
}

type ReadResult = Awaited<ReturnType<ReaderLike['read']>>;

/** The reader's end of a response body; one read at a time. */
export class ChunkReader implements ReaderLike {
  /** Called when there is room again after `push` has said false. */
  onRoom: () => void = () => {};
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #full = false;
  #end: Error | 'done' | undefined;
  #reader: { resolve(result: ReadResult): void; reject(error: Error): void } | undefined;

  /** False: no more until `onRoom`. */
  push(chunk: Buffer): boolean {
    const reader = this.#reader;
    if (reader) {
      this.#reader = undefined;
      reader.resolve({ done: false, value: chunk });
      return true;
    }
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    this.#full = this.#waitingBytes > MAX_WAITING_BYTES;
    return !this.#full;
  }

  end(): void {
    this.#end = 'done';
    this.#reader?.resolve({ done: true });
  }

  fail(error: Error): void {
    this.#end = error;
    this.#reader?.reject(error);
  }

  read(): Promise<ReadResult> {
    if (this.#waiting.length > 0) return Promise.resolve({ done: false, value: this.#takeAll() });
    if (this.#end === 'done') return Promise.resolve({ done: true });
    if (this.#end) return Promise.reject(this.#end);
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
  }

  cancel(): Promise<void> {
    return Promise.resolve();
  }

  /** Chunks that came close behind each other make one: the parser works on any slices, and runs once. */
  #takeAll(): Buffer {
    const [first, ...others] = this.#waiting;
    const all = first && others.length === 0 ? first : Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (this.#full) {
      this.#full = false;
      this.onRoom();
    }
    return all;
  }
}

function firstOf(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
