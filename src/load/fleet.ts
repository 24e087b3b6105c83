import { messageOf } from '../errors.js';
import type { Clock } from '../metrics/clock.js';
import { LatencyHistogram } from '../metrics/histogram.js';
import { randomStream } from '../random.js';
import type { Workload } from '../scenario/scenario.js';
import type { Credentials } from '../transports/credentials.js';
import { codeOf } from '../transports/drop-error.js';
import type { ClientHalf, Connection, Settings, TlsTrust } from '../transports/transport.js';
import type { Recorder } from './recorder.js';
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
  readonly recorder: Recorder;
  readonly clock: Clock;
}

/** The simulated clients of one process. */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #slots = new Map<number, number>();
  readonly #connections: (Connection | undefined)[];
  readonly #phases: readonly number[];
  readonly #abort = new AbortController();
  /** Call of `connect` → connected, µs. */
  readonly connectTimes = new LatencyHistogram();
  readonly errors: string[] = [];
  opened = 0;
  dropped = 0;
  /** Drops by the code that the protocol or the system gave. */
  readonly closeCodes: Record<string, number> = {};

  constructor(options: FleetOptions) {
    this.#options = options;
    for (const [slot, client] of options.clients.entries()) this.#slots.set(client, slot);
    this.#connections = options.clients.map(() => undefined);
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
    this.#abort.abort(new Error('the run is over'));
    await Promise.all(this.#connections.map((connection) => connection?.close()));
  }

  async #connectOne(client: number): Promise<void> {
    const { clientHalf, transport, urls, urlsByClient, tls, credentials, workload, recorder, clock } = this.#options;
    const slot = this.#slots.get(client) ?? 0;
    const startUs = clock.nowUs();
    const connection = await clientHalf.connect({
      urls: urlsByClient?.[slot] ?? urls,
      clientId: client,
      channels: [channelName(channelOf(client, workload))],
      since: null,
      settings: transport.settings,
      tls,
      credentials,
      payload: workload.payload,
      phase: this.#phases[client] ?? 0,
      publishes: workload.publish === 'clients',
      signal: this.#abort.signal,
      onMessage: (body) => recorder.onMessage(slot, body),
      onDrop: (error) => {
        this.dropped++;
        this.#countCode(error);
        this.#connections[slot] = undefined;
        this.#note(error);
      },
      onGap: (oldestId) =>
        this.#note(new Error(`client ${client} fell out of the history, which begins at ${oldestId}`)),
      onSendFailed: (error) => this.#note(error),
    });
    this.connectTimes.record(connection.openedInUs ?? clock.nowUs() - startUs);
    this.#connections[slot] = connection;
    this.opened++;
  }

  #countCode(error: Error): void {
    const code = codeOf(error);
    if (code !== null) this.closeCodes[code] = (this.closeCodes[code] ?? 0) + 1;
  }

  #note(error: unknown): void {
    if (this.errors.length < MAX_ERRORS) this.errors.push(messageOf(error));
  }
}
