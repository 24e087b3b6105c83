import { DropError } from '../drop-error.js';
import { PATIENCE } from '../heartbeat.js';
import type { Connection, ConnectOptions } from '../transport.js';
import { dropCodeOf, HttpClient, type HttpClientOptions } from './http-client.js';
import { httpVersionOf } from './http-version.js';
import { Uplink } from './uplink.js';

/** What a technique gets to work with while its connection lives. */
export interface HttpLink {
  /** `http://host:port`, without a slash at the end. */
  readonly origin: string;
  /** The connection on which messages come down. */
  readonly http: HttpClient;
  /** True once it is closed, dropped or aborted: no callback may follow. */
  readonly ended: boolean;
  /** A message published from now on will arrive. */
  opened(): void;
  /** The connection is gone: rejects `connect`, or is a drop, with the code of a `DropError`. Repeating it does nothing. */
  fail(reason: string, code?: string): void;
}

export interface LinkOptions extends Pick<HttpClientOptions, 'answerTimeoutMs' | 'silenceTimeoutMs'> {
  /** Time in ms from one heartbeat of the server to the next, once it is open; 0: it sends none. */
  readonly heartbeatMs: number;
}

/**
 * The life of a client's connection, for all techniques that receive over one HTTP connection and publish over another,
 * or over the same where that is HTTP/2: connecting, then open, then ended by `close`, a drop or an abort. `start` begins the technique's own work and
 * returns what stops it.
 */
export function connectOverHttp(
  options: ConnectOptions,
  linkOptions: LinkOptions,
  start: (link: HttpLink) => () => void,
): Promise<Connection> {
  if (options.signal.aborted) return Promise.reject(options.signal.reason);
  return new Promise((resolve, reject) => {
    new HttpConnection(options, linkOptions, resolve, reject).start(start);
  });
}

class HttpConnection implements Connection, HttpLink {
  readonly origin: string;
  readonly http: HttpClient;
  readonly #options: ConnectOptions;
  readonly #uplink: Uplink;
  /** Whether the uplink has no connection of its own. */
  readonly #shared: boolean;
  readonly #heartbeatMs: number;
  readonly #resolve: (connection: Connection) => void;
  readonly #reject: (error: unknown) => void;
  #state: 'connecting' | 'open' | 'ended' = 'connecting';
  #stop: () => void = () => {};
  #endWatch: () => void = () => {};
  #closed: Promise<void> = Promise.resolve();

  constructor(
    options: ConnectOptions,
    linkOptions: LinkOptions,
    resolve: (connection: Connection) => void,
    reject: (error: unknown) => void,
  ) {
    const { urls, clientId, settings, tls, credentials, endpoint, onSendFailed } = options;
    const headers = endpoint?.headers;
    const version = httpVersionOf(settings);
    this.origin = new URL(urls[clientId % urls.length] ?? '').origin;
    this.#options = options;
    this.#heartbeatMs = linkOptions.heartbeatMs;
    this.#resolve = resolve;
    this.#reject = reject;
    const onDisconnect = (error: Error) => this.fail(error.message, dropCodeOf(error));
    this.http = new HttpClient(this.origin, { ...linkOptions, version, tls, credentials, headers, onDisconnect });
    this.#shared = version === 2;
    this.#uplink = new Uplink({
      origin: this.origin,
      tls,
      credentials,
      endpoint,
      shared: this.#shared ? this.http : null,
      onSendFailed,
    });
  }

  get ended(): boolean {
    return this.#state === 'ended';
  }

  start(start: (link: HttpLink) => () => void): void {
    this.#options.signal.addEventListener('abort', this.#onAbort);
    this.#stop = start(this);
  }

  opened(): void {
    if (this.#state !== 'connecting') return;
    this.#state = 'open';
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    if (this.#heartbeatMs > 0) {
      this.#endWatch = this.http.watchSilence(PATIENCE * this.#heartbeatMs, ({ message }) => this.fail(message));
    }
    this.#resolve(this);
  }

  fail(reason: string, code?: string): void {
    if (this.ended) return;
    const text = `${this.origin}: ${reason}`;
    const error = code === undefined ? new Error(text) : new DropError(text, code);
    if (this.#state === 'connecting') {
      this.#giveUp(error);
      return;
    }
    this.#uplink.abandon(error);
    if (this.ended) return;
    this.#end();
    this.#options.onDrop(error);
  }

  send(channel: string, body: Uint8Array): void {
    this.#uplink.send(channel, body);
  }

  close(): Promise<void> {
    if (!this.ended) this.#end();
    return this.#closed;
  }

  readonly #onAbort = () => this.#giveUp(this.#options.signal.reason);

  #giveUp(reason: unknown): void {
    this.#end();
    void this.#closed.then(() => this.#reject(reason));
  }

  #end(): void {
    this.#state = 'ended';
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    this.#endWatch();
    this.#stop();
    this.#closed = this.#close();
  }

  async #close(): Promise<void> {
    const sent = this.#uplink.close();
    if (this.#shared) await sent;
    await Promise.all([sent, this.http.close()]);
  }
}
