import { connect, type Socket } from 'node:net';
import { type buildConnector, Client, type Dispatcher, errors } from 'undici';

const CONNECT_TIMEOUT_MS = 30_000;
/** Longer than any poll interval: the client keeps its connection for as long as the server does. */
const KEEP_ALIVE_MS = 24 * 3_600_000;

export interface HttpClientOptions {
  /** Longest time in ms until the server begins an answer. */
  readonly answerTimeoutMs: number;
  /** Longest silence in ms within an answer; 0: any. */
  readonly silenceTimeoutMs: number;
  /**
   * The TCP connection was lost; a request that was under way has failed already. Not called where HTTP foresees the
   * end: after `Connection: close`, or when the time of `Keep-Alive` is up.
   */
  readonly onDisconnect?: (error: Error) => void;
}

/**
 * One HTTP/1.1 connection of one simulated client: one request at a time, in order, never repeated. It knows its
 * socket from the first SYN on, so that closing it can be awaited.
 */
export class HttpClient {
  readonly #client: Client;
  #socket: Socket | undefined;

  constructor(origin: string, options: HttpClientOptions) {
    this.#client = new Client(origin, {
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      headersTimeout: options.answerTimeoutMs,
      bodyTimeout: options.silenceTimeoutMs,
      connect: (target, callback) => this.#connect(target, callback),
    });
    const { onDisconnect } = options;
    if (!onDisconnect) return;
    this.#client.on('disconnect', (_origin, _targets, error) => {
      if (!(error instanceof errors.InformationalError)) onDisconnect(error);
    });
  }

  dispatch(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#client.dispatch(request, handler);
  }

  /**
   * Gives what was dispatched up to `graceMs` to be answered, fails the rest, and resolves when the socket is closed.
   */
  async close(graceMs = 0): Promise<void> {
    if (graceMs > 0) {
      const timer = setTimeout(() => void this.#client.destroy(), graceMs);
      await this.#client.close();
      clearTimeout(timer);
    }
    const destroyed = this.#client.destroy();
    await Promise.all([destroyed, closed(this.#socket)]);
  }

  #connect({ hostname, port }: buildConnector.Options, callback: buildConnector.Callback): void {
    const target = { host: hostname, port: Number(port || 80), noDelay: true, highWaterMark: 65_536 };
    const socket = connect(target);
    this.#socket = socket;
    const onError = (error: Error) => callback(error, null);
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => {
      socket.destroy(new Error(`no connection within ${CONNECT_TIMEOUT_MS / 1_000} s`));
    });
    socket.once('error', onError);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.off('error', onError);
      callback(null, socket);
    });
  }
}

function closed(socket: Socket | undefined): Promise<void> {
  if (!socket || socket.closed) return Promise.resolve();
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
    socket.destroy();
  });
}
