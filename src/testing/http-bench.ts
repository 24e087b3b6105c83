import { EventEmitter, once } from 'node:events';
import { ByteLedger } from '../metrics/byte-ledger.js';
import type { ServerIdentity } from '../server/certificate.js';
import { FrontDoor } from '../server/front-door.js';
import { MessageHub } from '../server/hub.js';
import { SERVER_LIMITS } from '../server/limits.js';
import type {
  Connection,
  ConnectOptions,
  Payload,
  ServerLimits,
  Settings,
  Transport,
} from '../transports/transport.js';

export interface HttpBenchOptions {
  readonly settings?: Settings;
  readonly payload?: Payload;
  readonly limits?: Partial<ServerLimits>;
  readonly firstId?: number;
  readonly historyMessages?: number;
  readonly identity?: ServerIdentity;
}

/** A hub that shows who waits at it and who is subscribed to it. */
class WatchedHub extends MessageHub {
  readonly changes = new EventEmitter();
  waiting = 0;
  subscribed = 0;

  override waitFor(channels: readonly string[], onMessage: () => void): () => void {
    let over = false;
    const leave = () => {
      if (!over) this.#count('waiting', -1);
      over = true;
    };
    const cancel = super.waitFor(channels, () => {
      leave();
      onMessage();
    });
    this.#count('waiting', 1);
    return () => {
      leave();
      cancel();
    };
  }

  override subscribe(...args: Parameters<MessageHub['subscribe']>) {
    const subscription = super.subscribe(...args);
    this.#count('subscribed', 1);
    let over = false;
    return {
      ...subscription,
      close: () => {
        if (!over) this.#count('subscribed', -1);
        over = true;
        subscription.close();
      },
    };
  }

  #count(what: 'waiting' | 'subscribed', by: number): void {
    this[what] += by;
    this.changes.emit('change');
  }
}

/** A ledger that shows the answers one by one. */
class WatchedLedger extends ByteLedger {
  readonly #onAnswer: (messages: number) => void;

  constructor(onAnswer: (messages: number) => void) {
    super();
    this.#onAnswer = onAnswer;
  }

  override answered(messages: number): void {
    super.answered(messages);
    this.#onAnswer(messages);
  }
}

/** One transport that speaks HTTP on a real front door and hub, in this process. */
export async function openHttpBench(transport: Transport, options: HttpBenchOptions = {}) {
  const limits = { ...SERVER_LIMITS, ...options.limits };
  const payload = options.payload ?? 'text';
  const settings = settingsOf(transport, options.settings);
  const history = { messages: options.historyMessages ?? 10_000, bytes: 64 * 1024 * 1024 };
  const hub = new WatchedHub({ firstId: options.firstId ?? 1, history, limits });
  const answers: number[] = [];
  const half = await transport.server?.();
  if (!half) throw new Error('no server half');
  const ledger = new WatchedLedger((messages) => answers.push(messages));
  const mounted = await half.mount({ hub, settings, payload, limits, ledger });
  const door = await FrontDoor.open({ mounts: [mounted], addresses: ['127.0.0.1'], tls: options.identity ?? null });
  const tls = options.identity ? { ca: options.identity.certificate } : null;
  const url = door.urls.get(mounted)?.[0] ?? '';
  return {
    hub,
    door,
    ledger,
    uncounted: mounted.uncounted ?? { up: [], down: [] },
    url,
    /** The number of messages of each answer so far. */
    answers,
    publish: (text: string | Buffer, channel = 'a') => hub.publish(channel, Buffer.from(text)),
    connect: (overrides?: Partial<ConnectOptions>) =>
      TestClient.connect(transport, { urls: [url], settings, payload, tls, ...overrides }),
    /** Resolves when the hub shows what is asked for. */
    async untilHub(condition: (hub: WatchedHub) => boolean): Promise<void> {
      while (!condition(hub)) await once(hub.changes, 'change');
    },
    close: () => door.close(),
    [Symbol.asyncDispose]: () => door.close(),
  };
}

/** Every setting at its default, but for `settings`. */
export function settingsOf(transport: Transport, settings: Settings = {}): Settings {
  const defaults = Object.entries(transport.settings).map(([key, spec]) => [key, spec.default]);
  return { ...Object.fromEntries(defaults), ...settings };
}

/** One client and everything it was told. */
export class TestClient {
  readonly messages: { readonly text: string; readonly id: number | null }[] = [];
  readonly drops: Error[] = [];
  readonly gaps: number[] = [];
  readonly sendFailures: Error[] = [];
  /** Names of the callbacks in the order in which they came. */
  readonly calls: string[] = [];
  readonly #events = new EventEmitter();
  #connection: Connection | undefined;

  /** Rejects as the transport does. */
  static async connect(transport: Transport, overrides: Partial<ConnectOptions>): Promise<TestClient> {
    const client = new TestClient();
    const half = await transport.client();
    client.#connection = await half.connect({ ...client.#options(transport), ...overrides });
    return client;
  }

  get connection(): Connection {
    if (!this.#connection) throw new Error('not connected yet');
    return this.#connection;
  }

  get texts(): string[] {
    return this.messages.map(({ text }) => text);
  }

  /** Resolves when `condition` holds; looks after every callback. */
  async until(condition: (client: TestClient) => boolean): Promise<void> {
    while (!condition(this)) await once(this.#events, 'called');
  }

  #options(transport: Transport): ConnectOptions {
    const told = (callback: string) => {
      this.calls.push(callback);
      this.#events.emit('called');
    };
    return {
      urls: [],
      clientId: 0,
      channels: ['a'],
      since: null,
      settings: settingsOf(transport),
      tls: null,
      payload: 'text',
      phase: 0,
      publishes: false,
      signal: new AbortController().signal,
      onMessage: (body, id) => {
        this.messages.push({ text: Buffer.from(body).toString(), id });
        told('message');
      },
      onDrop: (error) => {
        this.drops.push(error);
        told('drop');
      },
      onGap: (oldestId) => {
        this.gaps.push(oldestId);
        told('gap');
      },
      onSendFailed: (error) => {
        this.sendFailures.push(error);
        told('sendFailed');
      },
    };
  }
}
