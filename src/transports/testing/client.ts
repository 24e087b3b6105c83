import assert from 'node:assert/strict';
import type { Connection, ConnectOptions } from '../transport.js';
import type { ContractBench } from './bench.js';

/** Longest time in ms that anything in a test may take on a busy machine; nothing waits for it unless it fails. */
const PATIENCE_MS = 10_000;

/** What a client takes of a bench: there need be no server half. */
export type ClientSide = Pick<ContractBench, 'transport' | 'urls' | 'settings' | 'tls' | 'credentials' | 'payload'>;

/** One connected client of a test, and what it was told. */
export class Client {
  readonly bodies: Buffer[] = [];
  readonly ids: (number | null)[] = [];
  readonly drops: Error[] = [];
  readonly gaps: number[] = [];
  readonly sendFailures: Error[] = [];
  #changed: () => void = () => {};
  #connection: Connection | undefined;

  static async connect(bench: ClientSide, overrides: Partial<ConnectOptions> = {}): Promise<Client> {
    const client = new Client();
    const half = await bench.transport.client();
    client.#connection = await half.connect({ ...client.optionsFor(bench), ...overrides });
    return client;
  }

  optionsFor(bench: ClientSide): ConnectOptions {
    return {
      urls: bench.urls,
      clientId: 0,
      channels: ['a'],
      since: null,
      settings: bench.settings,
      tls: bench.tls,
      credentials: bench.credentials,
      payload: bench.payload,
      phase: 0,
      publishes: true,
      signal: new AbortController().signal,
      onMessage: (body, id) => {
        this.bodies.push(Buffer.from(body));
        this.ids.push(id);
        this.#changed();
      },
      onDrop: (error) => {
        this.drops.push(error);
        this.#changed();
      },
      onGap: (oldestId) => {
        this.gaps.push(oldestId);
        this.#changed();
      },
      onSendFailed: (error) => {
        this.sendFailures.push(error);
        this.#changed();
      },
    };
  }

  get connection(): Connection {
    assert(this.#connection);
    return this.#connection;
  }

  get texts(): string[] {
    return this.bodies.map(String);
  }

  /** Resolves when `condition` holds; looks after every callback. */
  async until(what: string, condition: () => boolean, patienceMs = PATIENCE_MS): Promise<void> {
    await within(
      `${what}; got bodies ${JSON.stringify(this.texts.map((text) => text.slice(0, 40)))}, drops ${this.drops.length}`,
      new Promise<void>((resolve) => {
        this.#changed = () => {
          if (condition()) resolve();
        };
        this.#changed();
      }),
      patienceMs,
    );
  }
}

export async function within<T>(what: string, promise: Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${patienceMs} ms for ${what}`)), patienceMs);
  });
  return Promise.race([promise, patience]).finally(() => clearTimeout(timer));
}

/** Everything in flight has arrived once a message sent last has; then nothing more may come. */
export async function settle(bench: ContractBench, client: Client, channel = 'a'): Promise<void> {
  bench.publish(channel, Buffer.from('last'));
  await client.until('the last message', () => client.texts.includes('last'));
}

export async function untilReceived(bench: ContractBench, count: number): Promise<void> {
  await within(
    `${count} uplink bodies; got ${bench.received.length}`,
    new Promise<void>((resolve) => {
      const look = () => (bench.received.length >= count ? resolve() : setImmediate(look));
      look();
    }),
  );
}
