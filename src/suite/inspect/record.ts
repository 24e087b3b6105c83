import { setImmediate as nextTurn } from 'node:timers/promises';
import { channelName } from '../../load/schedule.js';
import type { LedgerSample, UncountedParts } from '../../metrics/byte-ledger.js';
import type { TransportRef } from '../../protocol/messages.js';
import { MessageHub } from '../../server/hub.js';
import { loadTransport } from '../../transports/index.js';
import type { Pattern } from '../../transports/inspection.js';
import type { Traffic } from '../../transports/theory.js';
import type { Connection } from '../../transports/transport.js';
import { connectTo, HUB_OPTIONS, openServer } from '../same-process.js';
import { type RecordedConnection, Tap } from './tap.js';

/** Nothing has crossed for so long, and for so many turns of the event loop: the step is over. */
const QUIET_MS = 8;
const QUIET_TURNS = 8;
/** How long a step may take beyond what the transport itself waits. */
const STEP_MS = 10_000;
const BOUNDS = { maxBytes: 8 * 1024 * 1024, maxConnections: 64 };
const CHANNEL = channelName(0);

/** What is said, one message each. */
export interface Script {
  readonly down: readonly Buffer[];
  readonly up: readonly Buffer[];
}

export interface RecordOptions {
  readonly transport: TransportRef;
  /** How long a message may wait for the transport itself, ms. */
  readonly worstWaitMs: number;
  /** In place of the usual exchange. */
  readonly pattern: Pattern | null;
  readonly script: Script;
  /** Base URL of a server that runs elsewhere; `null`: the reference server, in this process. */
  readonly url: string | null;
  readonly signal: AbortSignal;
}

/** A recorded exchange. */
export interface Recorded {
  readonly connections: readonly RecordedConnection[];
  /** When the clock of the connections was at 0, ms since 1970. */
  readonly clockStartMs: number;
  /** Why it is not all that was said; `null`: it is. */
  readonly problem: string | null;
  /** What the reference server's sockets counted, and what its ledger says of it; `null`: of a server elsewhere. */
  readonly server: {
    readonly bytes: Traffic;
    readonly ledger: LedgerSample;
    readonly uncounted: UncountedParts;
  } | null;
}

/**
 * One client's short exchange in lock-step, recorded: it opens, gets each message of the script, sends each, waits for a
 * heartbeat where there is one, and closes. Rejects where a step does not come about.
 */
export async function record(options: RecordOptions): Promise<Recorded> {
  const hub = new ListeningHub();
  const server = options.url === null ? await openServer(options.transport, { hub }) : null;
  const upstream = new URL(options.url ?? server?.urls[0]?.[0] ?? '');
  const tap = await Tap.open({ host: bareHost(upstream), port: portOf(upstream), ...BOUNDS });
  try {
    const url = `${upstream.protocol}//127.0.0.1:${tap.port}`;
    const talk = new Talk(options, tap, hub, server !== null);
    await (options.pattern ? talk.follow(options.pattern, url) : talk.usual(url));
    await talk.until(() => tap.open === 0, 'the connections did not close');
    await server?.door.untilAllClosed(STEP_MS);
    const bytes = server?.door.sample().bytes;
    return {
      connections: tap.connections,
      clockStartMs: tap.clockStartMs,
      problem: tap.problem,
      server: server && bytes ? { bytes, ledger: server.ledger.sample(), uncounted: server.uncounted } : null,
    };
  } finally {
    await tap.close();
    await server?.close();
  }
}

/** The steps of an exchange. */
class Talk {
  readonly #options: RecordOptions;
  readonly #tap: Tap;
  readonly #hub: ListeningHub;
  /** The server is this process's own. */
  readonly #isOurs: boolean;
  readonly #timeoutMs: number;
  #arrived = 0;
  #failure: Error | undefined;

  constructor(options: RecordOptions, tap: Tap, hub: ListeningHub, isOurs: boolean) {
    this.#options = options;
    this.#tap = tap;
    this.#hub = hub;
    this.#isOurs = isOurs;
    this.#timeoutMs = STEP_MS + 2 * options.worstWaitMs;
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
      this.#options.signal.throwIfAborted();
      if (this.#failure) throw this.#failure;
      if (performance.now() > deadlineMs) throw new Error(`${otherwise} within ${this.#timeoutMs / 1_000} s`);
    }
  }

  async #connect(url: string): Promise<Connection> {
    const fail = (error: Error) => {
      this.#failure ??= error;
    };
    return connectTo(this.#options.transport, {
      urls: [url],
      clientId: 0,
      channels: [CHANNEL],
      publishes: true,
      signal: AbortSignal.any([this.#options.signal, AbortSignal.timeout(this.#timeoutMs)]),
      onMessage: () => this.#arrived++,
      onDrop: fail,
      onGap: (oldestId) => fail(new Error(`a gap before ${oldestId}`)),
      onSendFailed: fail,
    });
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
    let seen = this.#tap.bytes;
    let sinceMs = performance.now();
    for (let turns = 0; turns < QUIET_TURNS || performance.now() - sinceMs < QUIET_MS; turns++) {
      await nextTurn();
      if (this.#failure) throw this.#failure;
      if (this.#tap.bytes === seen) continue;
      seen = this.#tap.bytes;
      sinceMs = performance.now();
      turns = 0;
    }
  }
}

/** What clients publish ends here, so that it does not come back to them. */
class ListeningHub extends MessageHub {
  received = 0;

  constructor() {
    super(HUB_OPTIONS);
  }

  override receive(channel: string, body: Buffer) {
    this.received++;
    return { id: this.lastId, channel, body };
  }
}

function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' || protocol === 'wss:' ? 443 : 80) : Number(port);
}
