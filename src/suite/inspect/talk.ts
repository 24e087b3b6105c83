import { setImmediate as nextTurn } from 'node:timers/promises';
import { channelName } from '../../load/schedule.js';
import { MessageHub } from '../../server/hub.js';
import { loadTransport } from '../../transports/index.js';
import type { Pattern } from '../../transports/inspection.js';
import type { Connection } from '../../transports/transport.js';
import { connectTo, HUB_OPTIONS } from '../same-process.js';
import type { RecordOptions } from './record.js';
import type { Tap } from './tap.js';

/** Nothing has crossed for so long, and for so many turns of the event loop: the step is over. */
const QUIET_MS = 8;
const QUIET_TURNS = 8;
/** A server that never rests is not waited for any longer. */
const MAX_QUIET_MS = 2_000;
const STEP_MS = 10_000;
/** Where a step takes too long, that is what is said, and not that a library was stopped. */
const LATER_MS = 1_000;
const CHANNEL = channelName(0);

/** The steps of an exchange. */
export class Talk {
  readonly #options: RecordOptions;
  readonly #tap: Tap;
  readonly #hub: ListeningHub;
  /** The server is this process's own. */
  readonly #isOurs: boolean;
  readonly #timeoutMs: number;
  #arrived = 0;
  #failure: Error | undefined;

  constructor(options: RecordOptions, tap: Tap, hub: ListeningHub) {
    this.#options = options;
    this.#tap = tap;
    this.#hub = hub;
    this.#isOurs = options.url === null;
    this.#timeoutMs = (options.stepMs ?? STEP_MS) + 2 * options.worstWaitMs;
  }

  async usual(url: string): Promise<void> {
    const { script, transport } = this.#options;
    const connection = await this.#connect(url);
    try {
      await this.#quiet();
      if (this.#isOurs) for (const body of script.down) await this.#publish(body);
      const { profile } = await loadTransport(transport.module);
      if (profile.uplink !== 'none') for (const body of script.up) await this.#send(connection, body);
      await this.#heartbeat();
    } finally {
      await connection.close();
    }
  }

  async follow(pattern: Pattern, url: string): Promise<void> {
    const { script, signal } = this.#options;
    const since = this.#isOurs ? this.#hub.lastId : null;
    const publish = () => {
      if (!this.#isOurs) return 0;
      for (const body of script.down) this.#hub.publish(CHANNEL, body);
      return script.down.length;
    };
    const patience = AbortSignal.any([signal, AbortSignal.timeout(this.#timeoutMs)]);
    await pattern.run({ url, channel: CHANNEL, bodies: script.up, since, publish, signal: patience });
  }

  async until(happened: () => boolean, otherwise: string): Promise<void> {
    const deadlineMs = performance.now() + this.#timeoutMs;
    while (!happened()) {
      await nextTurn();
      this.#throwFailure();
      if (performance.now() > deadlineMs) throw new Error(`${otherwise} within ${this.#timeoutMs / 1_000} s`);
    }
  }

  async #connect(url: string): Promise<Connection> {
    const fail = (error: Error) => {
      this.#failure ??= error;
    };
    let connection: Connection | undefined;
    connectTo(this.#options.transport, {
      urls: [url],
      clientId: 0,
      channels: [CHANNEL],
      publishes: true,
      signal: AbortSignal.any([this.#options.signal, AbortSignal.timeout(this.#timeoutMs + LATER_MS)]),
      onMessage: () => this.#arrived++,
      onDrop: fail,
      onGap: (oldestId) => fail(new Error(`a gap before ${oldestId}`)),
      onSendFailed: fail,
    }).then((opened) => {
      connection = opened;
    }, fail);
    // A library may have more patience than there is here.
    await this.until(() => connection !== undefined, 'it did not answer as a server of this technique does');
    return connection as unknown as Connection;
  }

  async #publish(body: Buffer): Promise<void> {
    const wanted = this.#arrived + 1;
    this.#hub.publish(CHANNEL, body);
    await this.until(() => this.#arrived >= wanted, 'a message did not arrive');
    await this.#quiet();
  }

  /** Of a server elsewhere it is only known that the client's bytes went out. */
  async #send(connection: Connection, body: Buffer): Promise<void> {
    const { received } = this.#hub;
    const before = this.#tap.bytes;
    connection.send(CHANNEL, body);
    await this.until(
      () => (this.#isOurs ? this.#hub.received > received : this.#tap.bytes > before),
      'what the client sent did not arrive',
    );
    await this.#quiet();
  }

  /** Waits for what crosses an idle connection, where something does. */
  async #heartbeat(): Promise<void> {
    const { module, settings } = this.#options.transport;
    const everyMs = (await loadTransport(module)).heartbeat?.promise(settings).everyMs ?? null;
    if (everyMs === null || everyMs > STEP_MS) return;
    const before = this.#tap.bytes;
    await this.until(() => this.#tap.bytes > before, 'no heartbeat came');
    await this.#quiet();
  }

  async #quiet(): Promise<void> {
    const startMs = performance.now();
    let seen = this.#tap.bytes;
    let sinceMs = startMs;
    for (let turns = 0; turns < QUIET_TURNS || performance.now() - sinceMs < QUIET_MS; turns++) {
      await nextTurn();
      this.#throwFailure();
      if (performance.now() - startMs > MAX_QUIET_MS) return;
      if (this.#tap.bytes === seen) continue;
      seen = this.#tap.bytes;
      sinceMs = performance.now();
      turns = 0;
    }
  }

  #throwFailure(): void {
    this.#options.signal.throwIfAborted();
    if (this.#tap.problem !== null) throw new Error(this.#tap.problem);
    if (this.#failure) throw this.#failure;
  }
}

/** What clients publish ends here, so that it does not come back to them. */
export class ListeningHub extends MessageHub {
  received = 0;

  constructor() {
    super(HUB_OPTIONS);
  }

  override receive(channel: string, body: Buffer) {
    this.received++;
    return { id: this.lastId, channel, body };
  }
}
