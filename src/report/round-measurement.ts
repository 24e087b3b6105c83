import type { CpuReading } from '../metrics/cpu-watch.js';
import type { EncodedHistogram } from '../metrics/histogram.js';
import type { MachineSample } from '../metrics/machine-sample.js';
import type { ProcessSample } from '../metrics/process-sample.js';
import type { Tally } from '../metrics/tally.js';
import type { Mark, RelaySample, ServerSample, ServerStamps, WorkerRole } from '../protocol/messages.js';
import type { RoundTripAnswer } from '../protocol/round-trip-messages.js';
import type { UplinkTaken } from '../protocol/uplink-messages.js';
import type { Fault, FaultPlan } from '../scenario/faults.js';
import type { NetworkConditions } from '../scenario/network.js';
import type { Row, Workload } from '../scenario/scenario.js';
import type { ClockOffset, Stamp } from '../scenario/stamp.js';
import type { RoundTripPrediction } from '../transports/round-trips.js';
import type { AuthCost } from './auth-schema.js';

/** Everything one completed run left behind. */
export interface RoundMeasurement {
  readonly round: number;
  /** What its clients show, and what that adds to an opening; absent or `null`: nothing was asked for. */
  readonly auth?: AuthCost | null;
  readonly row: Row;
  readonly workload: Workload;
  /** Messages due in the window, over all publishers. */
  readonly due: number;
  /** When the window began, and when each of its messages was due after that, in order. */
  readonly window: { readonly startUs: number; readonly dueOffsetsUs: ArrayLike<number> };
  readonly clocksNest: boolean;
  readonly warmupSettled: boolean;
  readonly server: Readonly<Record<Mark, ServerSample>>;
  /** What the server stamped of the deliveries to the probes; `null` where it did not. */
  readonly stamps: ServerStamps | null;
  /** What clients sent besides; absent or `null`: nothing. */
  readonly uplink?: UplinkMeasurement | null;
  /** The probe first, then the crowd processes in their order; without those who are made not to keep up. */
  readonly workers: readonly WorkerMeasurement[];
  /** The process of those who are made not to keep up; absent or `null`: there are none. */
  readonly slowReaders?: SlowReadersMeasurement | null;
  /** What was done to it; absent: nothing was to be. */
  readonly faults?: {
    readonly plan: FaultPlan;
    readonly injected: readonly InjectedFault[];
    readonly serverWatch: ServerWatch | null;
  } | null;
  readonly machine: { readonly settled: MachineSample; readonly windowEnd: MachineSample };
  /** What the clients' way was like; `null`: loopback as it is. */
  readonly network: NetworkMeasurement | null;
  /** What the proxy between clients and server did; absent or `null`: there was none. */
  readonly proxy?: ProxyMeasurement | null;
  /** The server was not rtbench's own; `isSampled`: its processes were looked at from outside. Absent or `null`: it was. */
  readonly target?: {
    readonly isSampled: boolean;
    /** Its messages are not rtbench's: what was looked for in them. Absent or `null`: they are. */
    readonly observed?: { readonly stamp: Stamp; readonly clock: ClockOffset | null } | null;
  } | null;
  /** What clients took that connected anew after all of it, or why there were none; absent: nobody asked. */
  readonly roundTrips?: RoundTripMeasurement | { readonly why: string };
}

export interface UplinkMeasurement {
  /** Messages of the window that reach the server if none is lost on either way. */
  readonly expected: number;
  readonly taken: UplinkTaken;
}

export interface RoundTripMeasurement extends RoundTripAnswer {
  /** When the server had what they sent, in order, by their channel. */
  readonly receivedUs: Readonly<Record<string, readonly number[]>>;
  /** Round trips of one byte by the same way meanwhile, µs. */
  readonly rtt: EncodedHistogram;
  /** `null`: the transport says nothing about it. */
  readonly expected: RoundTripPrediction | null;
}

export interface ProxyMeasurement {
  /** Of its configuration, for what the row speaks. */
  readonly lines: readonly string[];
  /** CPU time of its processes in the window, µs, and their memory when it ended; `null`: the system does not tell. */
  readonly windowCpuUs: number | null;
  readonly memoryBytes: number | null;
}

export interface NetworkMeasurement {
  readonly conditions: NetworkConditions;
  /** Round trips of one byte by the same way, during the window, µs. */
  readonly rtt: EncodedHistogram;
  readonly relay: RelaySample;
}

export interface SlowReadersMeasurement {
  readonly clients: number;
  readonly worker: WorkerMeasurement;
}

/** What was seen of the server, whichever process it was. */
export interface ServerWatch {
  /** From the start of the window to the end of the drain, ascending; empty where the system does not tell. */
  readonly cpu: readonly CpuReading[];
  /** When connections were accepted, ascending, since it first listened; `complete`: there were not more. */
  readonly accepts: { readonly atUs: readonly number[]; readonly complete: boolean };
}

/** A fault that happened. */
export interface InjectedFault {
  readonly fault: Fault;
  readonly atUs: number;
  /** It had ended: the server went on, or another one was ready in its place. */
  readonly overUs: number;
  /** Connections that it was done to, where it was done to single ones. */
  readonly connections: number | null;
}

export interface WorkerMeasurement {
  readonly role: WorkerRole;
  readonly samples: { readonly settled: ProcessSample; readonly windowEnd: ProcessSample };
  readonly tally: Tally;
}

/** What a load process is called: `probe`, `crowd 2`, counted from 1. */
export function processName(workers: readonly WorkerMeasurement[], index: number): string {
  const role = workers[index]?.role ?? 'probe';
  return role === 'probe'
    ? role
    : `crowd ${workers.slice(0, index + 1).filter((worker) => worker.role === role).length}`;
}

export function sumOver(workers: readonly WorkerMeasurement[], value: (worker: WorkerMeasurement) => number): number {
  return workers.reduce((total, worker) => total + value(worker), 0);
}
