import type { AuthWay } from '../transports/credentials.js';
import type { Endpoint } from '../transports/endpoint.js';
import type { Payload, Settings, TransportProfile } from '../transports/transport.js';
import type { FaultPlan } from './faults.js';
import type { NetworkConditions } from './network.js';
import type { SlowReaders } from './slow-readers.js';
import type { Target } from './target.js';
import type { Threshold } from './threshold.js';
import type { Uplink } from './uplink.js';
import type { Via } from './via.js';
import type { Unreachable } from './via-browser.js';
import type { WhenFull } from './when-full.js';

/** What is to be measured, complete: nothing optional, every value in the unit its name says. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** The question it answers, for a person who must decide. */
  readonly question: string;
  readonly workload: Workload;
  /** How many times as fast as in life everything goes whose time is the scenario's own; 1: as in life. See `scale.ts`. */
  readonly scale: number;
  /** Delay in ms that the scenario's user tolerates; a row is within tolerance when its p99 is. */
  readonly toleratesMs: number;
  /** Rounds; with `auto` the most there may be. */
  readonly rounds: number;
  /** Whether the rounds go on until the figures are precise enough; `null`: their number was given. */
  readonly auto: AutoRounds | null;
  readonly seed: number;
  /** Crowd processes. */
  readonly workers: number;
  /** Clients whose deliveries give the headline latency; all of them live in the probe process. */
  readonly probes: number;
  /** Rounds whose runs go on side by side and publish in turns so long, ms; `null`: one run after the other. */
  readonly interleaveMs: number | null;
  /** Every row over TLS. */
  readonly tls: boolean;
  /** What lies between clients and server; `null`: loopback as it is. */
  readonly network: NetworkConditions | null;
  /** How clients show a token, where their transport can; `null`: they show none. See `auth.ts`. */
  readonly auth: AuthWay | null;
  /** What set the rows' defaults, if anything did; see `presets.ts`. */
  readonly preset: Preset | null;
  /** What the probes live in, or stands between; `null`: clients of this process's own, with nothing between. */
  readonly via: Via | null;
  /** What the server does with a client that does not keep up. */
  readonly whenFull: WhenFull;
  /** Clients that are made not to keep up; `null`: none. */
  readonly slowReaders: SlowReaders | null;
  /** Time between two heartbeats of every row that can have them, ms; `null`: as its settings are. */
  readonly heartbeatMs: number | null;
  /** `null`: nothing is done to the run, and a client whose connection is lost does not come back. */
  readonly faults: FaultPlan | null;
  /** What figures must be for a run to pass; judged when it is over. */
  readonly expect: readonly Threshold[];
}

/** `rounds: auto`: after `MIN_AUTO_ROUNDS` no round starts that would not end within the budget. */
export interface AutoRounds {
  /** Time for all runs together, ms. */
  readonly budgetMs: number;
}

/** `web`: what a browser gets. */
export type Preset = 'web';

/** Who sends what to whom, and how often. With the seed it determines every publish. */
export interface Workload {
  readonly clients: number;
  /**
   * `server`: published into the hub from outside; `clients`: every message goes up from a client first; `observe`:
   * nothing is published, and a server that is not rtbench's own sends what it sends. Rate and size then say nothing.
   */
  readonly publish: 'server' | 'clients' | 'observe';
  /**
   * A number: that many shared channels, clients dealt out evenly. `private`: a channel for each client: an echo where
   * clients publish, messages to single users where the server does.
   */
  readonly channels: number | 'private';
  /** Messages published a second, over all publishers. */
  readonly ratePerSecond: number;
  readonly sizeBytes: number;
  readonly payload: Payload;
  readonly arrivals: 'poisson' | 'periodic' | Bursts;
  /** What clients send while the server publishes, which ends there; `null`: nothing. */
  readonly uplink: Uplink | null;
  readonly warmupMs: number;
  readonly durationMs: number;
}

/** Several messages fall due at one instant, and the instants at random times. */
export interface Bursts {
  /** Messages of a burst on average, at least 1. */
  readonly meanSize: number;
}

/** A transport with its settings: a row of the table. Its identity is {transport, settings}; `label` is display only. */
export interface Row {
  readonly transport: string;
  /** URL of the module whose default export is the `Transport`; the processes load it from there. */
  readonly module: string;
  readonly label: string;
  readonly settings: Settings;
  readonly profile: TransportProfile;
  /** `Transport.worstWaitMs` of these settings. */
  readonly worstWaitMs: number;
  /** Whether it brings something for a page of a browser to run (`Transport.page`); absent: not looked at. */
  readonly hasPage?: boolean;
  /** Where and how a target takes it; absent: as the reference server does. */
  readonly endpoint?: RowEndpoint;
  /** Within how long its client promises to notice a connection that died silently, ms; `null`: never. */
  readonly noticesMs: number | null;
  /** Flags of Node that its server process starts with besides its own; absent: none. */
  readonly serverNodeFlags?: readonly string[];
}

/** Of a target; `url`: scheme, host and port. */
export type RowEndpoint = Endpoint & { readonly url: string };

/** One fresh server process, one row, one round. */
export interface PlannedRun {
  readonly index: number;
  /** From 0. */
  readonly round: number;
  /** Index into `Plan.rows`. */
  readonly row: number;
}

/** Frozen and pure: the runs in the order they are carried out, shuffled by the seed inside every round. */
export interface Plan {
  readonly scenario: Scenario;
  readonly rows: readonly Row[];
  /** Rows asked for that `Scenario.via` rules out, or the way in which clients are to come back. */
  readonly unreachable: readonly Unreachable[];
  readonly runs: readonly PlannedRun[];
  /** A server that is not rtbench's own; absent or `null`: the one that ships. */
  readonly target?: Target | null;
  readonly history: { readonly messages: number; readonly bytes: number };
  /** Loopback addresses the server listens on, so that no destination runs out of ports. */
  readonly addresses: readonly string[];
  /** Sockets that one server process will hold at the most. */
  readonly sockets: number;
  /** How long all runs should take, in ms: an estimate to show. */
  readonly estimatedMs: number;
  /** What the plan makes impossible to say, for people; empty where nothing is. */
  readonly notes: readonly string[];
}
