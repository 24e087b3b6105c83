import { status } from '@grpc/grpc-js';
import { DropError } from '../drop-error.js';
import type { ClientHalf, Connection, ConnectOptions } from '../transport.js';
import { acquireChannel, type ChannelUse } from './channels.js';
import type { EndStatus, Exchange } from './exchange.js';
import { Polling } from './polling.js';
import { Streaming } from './streaming.js';
import { OLDEST_ID_KEY } from './wire.js';

/** How long in ms a server may take to answer the first call. */
const CONNECT_TIMEOUT_MS = 30_000;

export const clientHalf: ClientHalf = {
  connect(options) {
    return new Promise((resolve, reject) => {
      if (options.signal.aborted) reject(options.signal.reason);
      else new GrpcConnection(options, resolve, reject);
    });
  },
};

class GrpcConnection implements Connection {
  readonly #options: ConnectOptions;
  readonly #reject: (error: unknown) => void;
  readonly #channel: ChannelUse;
  readonly #exchange: Exchange;
  readonly #timeout: NodeJS.Timeout;
  #state: 'opening' | 'open' | 'ended' = 'opening';
  #shutting: Promise<void> | undefined;

  constructor(options: ConnectOptions, resolve: (connection: Connection) => void, reject: (error: unknown) => void) {
    const { urls, clientId, settings, tls, signal } = options;
    const { host } = new URL(urls[clientId % urls.length] ?? '');
    this.#options = options;
    this.#reject = reject;
    this.#channel = acquireChannel(host, {
      tls,
      pingMs: Number(settings.pingMs),
      sharing: settings.channel === 'shared' ? 'shared' : 'own',
    });
    this.#timeout = setTimeout(() => this.#end(new Error(`${host} did not answer in time`)), CONNECT_TIMEOUT_MS);
    signal.addEventListener('abort', this.#onAbort);
    const Mode = settings.mode === 'unary' ? Polling : Streaming;
    this.#exchange = new Mode(this.#channel.client, options, {
      onOpen: () => {
        if (this.#state !== 'opening') return;
        this.#state = 'open';
        this.#stopWaiting();
        resolve(this);
      },
      onEnd: (reason) => {
        const error = new DropError(`${host}: ${describe(reason)}`, status[reason.code] ?? String(reason.code));
        this.#end(error, oldestIdIn(reason));
      },
    });
  }

  send(channel: string, body: Uint8Array): void {
    const { uplink } = this.#exchange;
    if (!uplink) throw new Error('this client was connected with `publishes: false` and has no uplink');
    if (this.#state === 'open') uplink.send(channel, body);
    else this.#options.onSendFailed(new Error('the connection is closed'));
  }

  async close(): Promise<void> {
    this.#state = 'ended';
    await this.#shut(async () => this.#exchange.uplink?.finish());
  }

  readonly #onAbort = () => this.#end(this.#options.signal.reason);

  #stopWaiting(): void {
    clearTimeout(this.#timeout);
    this.#options.signal.removeEventListener('abort', this.#onAbort);
  }

  /** It is over without `close()`. */
  #end(error: Error, oldestId: number | null = null): void {
    if (this.#state === 'ended') return;
    const wasOpen = this.#state === 'open';
    this.#state = 'ended';
    this.#stopWaiting();
    const unsent = this.#exchange.uplink?.waiting ?? 0;
    const shut = this.#shut();
    if (oldestId !== null) this.#options.onGap(oldestId);
    if (wasOpen) {
      for (let i = 0; i < unsent; i++) this.#options.onSendFailed(error);
      this.#options.onDrop(error);
    } else {
      void shut.then(() => this.#reject(error));
    }
  }

  #shut(finish?: () => Promise<void>): Promise<void> {
    this.#shutting ??= (async () => {
      this.#exchange.silence();
      await finish?.();
      this.#exchange.cancel();
      await this.#channel.release();
    })();
    return this.#shutting;
  }
}

function describe({ code, details }: EndStatus): string {
  return code === status.OK ? 'the server ended the call' : `${details} (${status[code]})`;
}

function oldestIdIn({ code, metadata }: EndStatus): number | null {
  const value = code === status.OUT_OF_RANGE ? metadata.get(OLDEST_ID_KEY)[0] : undefined;
  return typeof value === 'string' ? Number(value) : null;
}
