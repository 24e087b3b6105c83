import { EventSource, type FetchLike } from 'eventsource';
import { DropError, ENDED } from '../drop-error.js';
import { HttpClient } from '../http/http-client.js';
import { httpVersionOf } from '../http/http-version.js';
import type { Connection, ConnectOptions, NativeReconnect } from '../transport.js';
import { eventFetch } from './event-fetch.js';
import { ANSWER_TIMEOUT_MS, hear, pathOf } from './stream.js';

/**
 * A stream that `EventSource` itself opens again after a loss: 3 s later or when the server's `retry` says so, with the id of
 * the last event. It gives up where the answer is no event stream. It looks for no heartbeats.
 */
export function connectNatively(options: ConnectOptions, native: NativeReconnect): Promise<Connection> {
  if (options.signal.aborted) return Promise.reject(options.signal.reason);
  return new Promise((resolve, reject) => new NativeStream(options, native, resolve, reject));
}

class NativeStream implements Connection {
  readonly #options: ConnectOptions;
  readonly #native: NativeReconnect;
  readonly #origin: string;
  readonly #reject: (error: unknown) => void;
  readonly #source: EventSource;
  #state: 'connecting' | 'open' | 'down' | 'ended' = 'connecting';
  #http: HttpClient | undefined;
  /** Of the connections so far. */
  #closed: Promise<unknown> = Promise.resolve();

  constructor(
    options: ConnectOptions,
    native: NativeReconnect,
    resolve: (connection: Connection) => void,
    reject: (error: unknown) => void,
  ) {
    const { urls, clientId, signal } = options;
    this.#options = options;
    this.#native = native;
    this.#reject = reject;
    this.#origin = new URL(urls[clientId % urls.length] ?? '').origin;
    signal.addEventListener('abort', this.#onAbort);
    this.#source = new EventSource(this.#origin + pathOf(options), { fetch: this.#fetch });
    hear(this.#source, options, () => this.#state === 'ended');
    this.#source.onopen = () => {
      const before = this.#state;
      if (before === 'ended') return;
      this.#state = 'open';
      if (before === 'connecting') {
        signal.removeEventListener('abort', this.#onAbort);
        resolve(this);
      } else native.onUp();
    };
    this.#source.onerror = ({ message, code }) => this.#onError(message ?? 'the server ended the stream', code);
  }

  send(): void {
    throw new Error('a client that leaves reconnecting to its library only listens');
  }

  async close(): Promise<void> {
    this.#end();
    await this.#closed;
  }

  /** Each attempt has a connection of its own: the one before it is lost. */
  readonly #fetch: FetchLike = (url, init) => {
    this.#closeHttp();
    const { settings, tls, credentials, endpoint, since } = this.#options;
    this.#http = new HttpClient(this.#origin, {
      version: httpVersionOf(settings),
      tls,
      credentials,
      headers: endpoint?.headers,
      answerTimeoutMs: ANSWER_TIMEOUT_MS,
      silenceTimeoutMs: 0,
    });
    return eventFetch(this.#http, since, endpoint?.maxMessageBytes)(url, init);
  };

  #onError(reason: string, status: number | undefined): void {
    if (this.#state === 'ended') return;
    const error = new DropError(`${this.#origin}: ${reason}`, status === undefined ? ENDED : String(status));
    if (this.#state === 'connecting') this.#giveUp(error);
    else if (this.#source.readyState === EventSource.CLOSED) {
      this.#end();
      this.#options.onDrop(error);
    } else {
      this.#state = 'down';
      this.#native.onDown(error);
    }
  }

  readonly #onAbort = () => this.#giveUp(this.#options.signal.reason);

  #giveUp(reason: unknown): void {
    this.#end();
    void this.#closed.then(() => this.#reject(reason));
  }

  #end(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    this.#source.close();
    this.#closeHttp();
  }

  #closeHttp(): void {
    const http = this.#http;
    this.#http = undefined;
    if (http) this.#closed = Promise.all([this.#closed, http.close()]);
  }
}
