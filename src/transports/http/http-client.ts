import { connect as connectTcp, type Socket } from 'node:net';
import { type buildConnector, Client, type Dispatcher, errors } from 'undici';
import { authHeaders, authQuery, type Credentials } from '../credentials.js';
import { codeOf, ENDED } from '../drop-error.js';
import { watchSilence } from '../silence-watch.js';
import { openTls, trustingContext } from '../tls.js';
import type { TlsTrust } from '../transport.js';
import type { HttpVersion } from './http-version.js';

const CONNECT_TIMEOUT_MS = 30_000;
/** Longer than any poll interval: the client keeps its connection for as long as the server does. */
const KEEP_ALIVE_MS = 24 * 3_600_000;
/** Requests that may be under way over HTTP/2; a client has two at the most. */
const MAX_STREAMS = 100;

/** The path has a query. */
export type HttpClientRequest = Omit<Dispatcher.DispatchOptions, 'headers'> & {
  headers?: Record<string, string>;
};

export interface HttpClientOptions {
  readonly version: HttpVersion;
  readonly tls: TlsTrust | null;
  /** Shown with every request. */
  readonly credentials?: Credentials | null | undefined;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Longest time in ms until the server begins an answer; 0: any. */
  readonly answerTimeoutMs: number;
  /** Longest silence in ms within an answer; 0: any. */
  readonly silenceTimeoutMs: number;
  /**
   * The TCP connection was lost; a request that was under way has failed already, or is about to. Not called where
   * HTTP/1.1 foresees the end: after `Connection: close`, or when the time of `Keep-Alive` is up.
   */
  readonly onDisconnect?: (error: Error) => void;
  /** What every socket is opened inside of, for whoever must know its sockets from others. */
  readonly opening?: ((open: () => Socket) => Socket) | undefined;
}

/**
 * One HTTP connection of one simulated client. Over HTTP/1.1 it carries one request at a time, in order; over HTTP/2
 * any number side by side, and a lost connection is the end of it. No request is repeated. It knows its socket from the
 * first SYN on, so that closing it can be awaited.
 */
export class HttpClient {
  readonly #client: Client;
  readonly #version: HttpVersion;
  readonly #tls: TlsTrust | null;
  readonly #credentials: Credentials | null;
  readonly #headers: Readonly<Record<string, string>> | undefined;
  readonly #opening: (open: () => Socket) => Socket;
  #socket: Socket | undefined;
  /** What a new TLS connection resumes with. */
  #session: Buffer | undefined;

  constructor(origin: string, options: HttpClientOptions) {
    const { version, onDisconnect } = options;
    this.#version = version;
    this.#tls = options.tls;
    this.#credentials = options.credentials ?? null;
    this.#headers = options.headers;
    this.#opening = options.opening ?? ((open) => open());
    this.#client = new Client(origin, {
      pipelining: version === 1 ? 1 : MAX_STREAMS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      // A ping of the library's own would be counted as the technique's bytes.
      pingInterval: 0,
      headersTimeout: options.answerTimeoutMs,
      bodyTimeout: options.silenceTimeoutMs,
      connect: (target, callback) => this.#connect(target, callback),
    });
    this.#client.on('disconnect', (_origin, _targets, error) => {
      if (version === 1 && error instanceof errors.InformationalError) return;
      onDisconnect?.(error);
      // The library would connect again, and send again what was under way.
      if (version === 2) void this.#client.destroy();
    });
  }

  dispatch(request: HttpClientRequest, handler: Dispatcher.DispatchHandler): void {
    const known = this.#credentials === null ? request : showing(this.#credentials, request);
    const shown = this.#headers ? { ...known, headers: { ...this.#headers, ...known.headers } } : known;
    // The library holds a POST back until nothing else is under way, unless it may be repeated; and a stream always is.
    this.#client.dispatch(this.#version === 1 ? shown : { ...shown, idempotent: true }, handler);
  }

  /** Tells once when nothing has come for `limitMs` over the connection that is open now; returns what ends the watch. */
  watchSilence(limitMs: number, onSilent: (error: Error) => void): () => void {
    return this.#socket ? watchSilence(this.#socket, limitMs, onSilent) : () => {};
  }

  /** Fails what is under way, and resolves when the socket is closed. */
  async close(): Promise<void> {
    const destroyed = this.#client.destroy();
    await Promise.all([destroyed, closed(this.#socket)]);
  }

  #connect({ hostname, port }: buildConnector.Options, callback: buildConnector.Callback): void {
    const tls = this.#tls;
    const open = () => (tls ? this.#openTls(hostname, Number(port), tls) : this.#openTcp(hostname, Number(port)));
    const socket = this.#opening(open);
    this.#socket = socket;
    const onError = (error: Error) => callback(error, null);
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => {
      socket.destroy(new Error(`no connection within ${CONNECT_TIMEOUT_MS / 1_000} s`));
    });
    socket.once('error', onError);
    socket.once(this.#tls ? 'secureConnect' : 'connect', () => {
      socket.setTimeout(0);
      socket.off('error', onError);
      callback(null, socket);
    });
  }

  #openTcp(host: string, port: number): Socket {
    const target = { host, port: port || 80, noDelay: true, highWaterMark: 65_536 };
    const socket = connectTcp(target);
    // By this the library decides which version to speak.
    return this.#version === 1 ? socket : Object.assign(socket, { alpnProtocol: 'h2' });
  }

  #openTls(host: string, port: number, trust: TlsTrust): Socket {
    const options = {
      secureContext: trustingContext(trust),
      ALPNProtocols: this.#version === 1 ? ['http/1.1'] : ['h2', 'http/1.1'],
      ...(this.#session && { session: this.#session }),
    };
    const socket = openTls({ host, port: port || 443 }, options);
    socket.on('session', (session) => {
      this.#session = session;
    });
    return socket;
  }
}

function showing(credentials: Credentials, request: HttpClientRequest): HttpClientRequest {
  const headers = { ...request.headers, ...authHeaders(credentials) };
  return { ...request, path: request.path + authQuery(credentials), headers };
}

/** Why the connection was lost, where it was; `undefined` where only the library knows. */
export function dropCodeOf(error: Error): string | undefined {
  if (error.message.includes('"GOAWAY"')) return 'GOAWAY';
  const code = codeOf(error);
  if (code === 'UND_ERR_SOCKET') return error.message === 'other side closed' ? ENDED : undefined;
  return code ?? undefined;
}

function closed(socket: Socket | undefined): Promise<void> {
  if (!socket || socket.closed) return Promise.resolve();
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
    socket.destroy();
  });
}
