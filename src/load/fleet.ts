import { messageOf } from '../errors.js';
import type { Clock } from '../metrics/clock.js';
import { LatencyHistogram } from '../metrics/histogram.js';
import { randomStream } from '../random.js';
import type { ReconnectPolicy } from '../scenario/reconnect-policy.js';
import type { Workload } from '../scenario/scenario.js';
import { clientsSend } from '../scenario/uplink.js';
import type { Credentials } from '../transports/credentials.js';
import { codeOf } from '../transports/drop-error.js';
import type { ClientHalf, Connection, Settings, TlsTrust } from '../transports/transport.js';
import type { MessageRecorder } from './message-recorder.js';
import { Reconnector } from './reconnector.js';
import { channelName, channelOf } from './schedule.js';

/** Connects under way at a time: more only makes them wait for each other in the server's backlog. */
const CONCURRENT_CONNECTS = 64;
/** Errors kept to show; the rest only count. */
const MAX_ERRORS = 5;

export interface FleetOptions {
  readonly clientHalf: ClientHalf;
  readonly transport: { readonly settings: Settings };
  readonly urls: readonly string[];
  readonly tls: TlsTrust | null;
  readonly credentials?: Credentials | null | undefined;
  /** By slot; `null`: all use `urls`. */
  readonly urlsByClient?: readonly (readonly string[])[] | null | undefined;
  /** Indices of this process's clients; a client's place is its slot in the recorder. */
  readonly clients: readonly number[];
  readonly seed: number;
  readonly workload: Workload;
  readonly recorder: MessageRecorder;
  readonly clock: Clock;
  /** Told of every message, after the recorder; not where clients come back. Absent or `null`: nobody is. */
  readonly onMessage?: ((client: number, body: Uint8Array) => void) | null;
  /** How clients come back after a drop; absent or `null`: they do not. */
  readonly comeBack?: ComingBack | null;
}

export interface ComingBack {
  readonly policy: ReconnectPolicy;
  readonly resume: boolean;
  /** It is left to the library of the transport, and the policy is not used. */
  readonly native?: boolean;
}

/** An outage as it is kept while it lasts. */
interface OpenOutage {
  readonly client: number;
  readonly slot: number;
  readonly droppedUs: number;
  /** The last message that the client had got, by sequence number. */
  readonly afterSequence: number;
  backUs: number | null;
  attempts: number;
}

/** The simulated clients of one process. */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #slots = new Map<number, number>();
  readonly #connections: (Connection | undefined)[];
  readonly #phases: readonly number[];
  readonly #abort = new AbortController();
  /** By slot: id of the last message, which a client that comes back goes on after; NaN: none so far. */
  readonly #lastIds: Float64Array;
  /** By slot, of the clients that were dropped. */
  readonly #reconnectors = new Map<number, Reconnector>();
  /** By slot: the last one. */
  readonly #outageOf = new Map<number, OpenOutage>();
  readonly #attempts = new Set<Promise<unknown>>();
  readonly outages: OpenOutage[] = [];
  /** Call of `connect` → connected, µs. */
  readonly connectTimes = new LatencyHistogram();
  readonly errors: string[] = [];
  opened = 0;
  dropped = 0;
  /** Drops by the code that the protocol or the system gave. */
  readonly closeCodes: Record<string, number> = {};
  reconnected = 0;

  constructor(options: FleetOptions) {
    this.#options = options;
    for (const [slot, client] of options.clients.entries()) this.#slots.set(client, slot);
    this.#connections = options.clients.map(() => undefined);
    this.#lastIds = new Float64Array(options.clients.length).fill(Number.NaN);
    const draw = randomStream(options.seed, 'client phases');
    this.#phases = Array.from({ length: options.workload.clients }, draw);
  }

  /** Opens these clients, in order, a bounded number at a time. Rejects at the first that cannot connect. */
  async connect(clients: readonly number[]): Promise<void> {
    const queue = clients.values();
    const lane = async () => {
      for (const client of queue) await this.#connectOne(client);
    };
    await Promise.all(Array.from({ length: Math.min(CONCURRENT_CONNECTS, clients.length) }, lane));
  }

  /** Publishes from one of these clients. */
  send(client: number, channel: string, body: Uint8Array): void {
    const connection = this.#connections[this.#slots.get(client) ?? -1];
    try {
      if (!connection) throw new Error(`client ${client} is not connected and cannot publish`);
      connection.send(channel, body);
    } catch (error) {
      this.#note(error);
    }
  }

  async close(): Promise<void> {
    for (const reconnector of this.#reconnectors.values()) reconnector.stop();
    this.#abort.abort(new Error('the run is over'));
    await Promise.allSettled(this.#attempts);
    await Promise.all(this.#connections.map((connection) => connection?.close()));
  }

  async #connectOne(client: number): Promise<void> {
    const { clock, recorder } = this.#options;
    const slot = this.#slots.get(client) ?? 0;
    const startUs = clock.nowUs();
    recorder.onOpening?.(slot, startUs);
    const { openedInUs } = await this.#open(client, slot, null);
    this.connectTimes.record(openedInUs ?? clock.nowUs() - startUs);
    this.opened++;
  }

  async #open(client: number, slot: number, since: number | null): Promise<Connection> {
    const { clientHalf, transport, urls, urlsByClient, tls, credentials, workload, comeBack } = this.#options;
    const connection = await clientHalf.connect({
      urls: urlsByClient?.[slot] ?? urls,
      clientId: client,
      channels: [channelName(channelOf(client, workload))],
      since,
      settings: transport.settings,
      tls,
      credentials,
      payload: workload.payload,
      phase: this.#phases[client] ?? 0,
      publishes: clientsSend(workload),
      signal: this.#abort.signal,
      onMessage: this.#receiver(client, slot),
      native: comeBack?.native
        ? { onDown: (error) => this.#onDown(client, slot, error), onUp: () => this.#onUp(slot) }
        : null,
      onDrop: (error) => {
        this.#connections[slot] = undefined;
        if (this.#isAway(slot) && comeBack?.native) this.#note(error);
        else this.#onLost(client, slot, error);
      },
      onGap: (oldestId) =>
        this.#note(new Error(`client ${client} fell out of the history, which begins at ${oldestId}`)),
      onSendFailed: (error) => this.#note(error),
    });
    this.#connections[slot] = connection;
    return connection;
  }

  #receiver(client: number, slot: number): (body: Uint8Array, id: number | null) => void {
    const { recorder, comeBack, onMessage } = this.#options;
    if (onMessage) {
      return (body) => {
        recorder.onMessage(slot, body);
        onMessage(client, body);
      };
    }
    if (!comeBack?.resume) return (body) => recorder.onMessage(slot, body);
    const lastIds = this.#lastIds;
    return (body, id) => {
      if (id !== null) lastIds[slot] = id;
      recorder.onMessage(slot, body);
    };
  }

  #onLost(client: number, slot: number, error: Error): void {
    this.dropped++;
    this.#countCode(error);
    this.#note(error);
    this.#beAway(client, slot);
  }

  /** The library has lost the connection, or failed to come back. */
  #onDown(client: number, slot: number, error: Error): void {
    const outage = this.#outageOf.get(slot);
    if (!outage || outage.backUs !== null) {
      this.#onLost(client, slot, error);
      return;
    }
    outage.attempts++;
    this.#note(error);
  }

  #onUp(slot: number): void {
    const outage = this.#outageOf.get(slot);
    if (!outage) return;
    outage.attempts++;
    outage.backUs = this.#options.clock.nowUs();
    this.reconnected++;
  }

  #isAway(slot: number): boolean {
    return this.#outageOf.get(slot)?.backUs === null;
  }

  #beAway(client: number, slot: number): void {
    const { comeBack, clock, recorder } = this.#options;
    if (!comeBack || this.#abort.signal.aborted) return;
    const droppedUs = clock.nowUs();
    const afterSequence = recorder.highestSequence(slot);
    const outage: OpenOutage = { client, slot, droppedUs, afterSequence, backUs: null, attempts: 0 };
    this.outages.push(outage);
    this.#outageOf.set(slot, outage);
    if (comeBack.native) return;
    const reconnector = this.#reconnectors.get(slot) ?? this.#makeReconnector(client, slot, comeBack.policy);
    this.#reconnectors.set(slot, reconnector);
    reconnector.lost();
  }

  #makeReconnector(client: number, slot: number, policy: ReconnectPolicy): Reconnector {
    return new Reconnector({
      policy,
      random: randomStream(this.#options.seed, `reconnect ${client}`),
      connect: async () => {
        const outage = this.#outageOf.get(slot);
        if (outage) outage.attempts++;
        const since = this.#lastIds[slot] ?? Number.NaN;
        const attempt = this.#open(client, slot, Number.isNaN(since) ? null : since);
        this.#attempts.add(attempt);
        try {
          await attempt;
        } finally {
          this.#attempts.delete(attempt);
        }
        this.reconnected++;
        if (outage) outage.backUs = this.#options.clock.nowUs();
      },
      onFailed: (error) => this.#note(error),
    });
  }

  #countCode(error: Error): void {
    const code = codeOf(error);
    if (code !== null) this.closeCodes[code] = (this.closeCodes[code] ?? 0) + 1;
  }

  #note(error: unknown): void {
    if (this.errors.length < MAX_ERRORS) this.errors.push(messageOf(error));
  }
}
