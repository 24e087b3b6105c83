import type { Gap } from './gap-watch.js';
import type { EncodedHistogram } from './histogram.js';

/** What one worker accumulated over the window of a run. Plain JSON; counts add up, histograms merge. */
export interface Tally {
  /** Intended publish → client callback, µs. */
  readonly latency: EncodedHistogram;
  /** Actual publish → client callback, µs; of a probe only, a crowd's is empty. */
  readonly serviceLatency: EncodedHistogram;
  /** Intended → actual publish, µs, of the messages this process published. */
  readonly scheduleLag: EncodedHistogram;
  /** Call of `connect` → connected, µs. */
  readonly connect: EncodedHistogram;
  readonly delivery: DeliveryCounts;
  readonly connections: {
    readonly opened: number;
    readonly dropped: number;
    /** Drops by the code that the protocol or the system gave; without one they are in `dropped` alone. */
    readonly closeCodes: Readonly<Record<string, number>>;
  };
  /** Negative latencies (clocks that do not nest) and values past the histograms' range. */
  readonly negative: number;
  readonly outOfRange: number;
  /** Messages that are none of this run's, or came to a client that is not subscribed to their channel. */
  readonly foreign: number;
  /** Messages of a server that is not rtbench's own that carry no stamp; absent: there is no such server. */
  readonly unstamped?: number;
  /** Of a server that does not pass on what is published; absent: the ledger of deliveries tells. */
  readonly observed?: ObservedTally;
  /** Messages due in the window that reached at least one client here. */
  readonly publishesReceived: number;
  /** Errors as clients reported them, the first few, for a reason a person can read. */
  readonly errors: readonly string[];
  /** For each message of the window, in order: latency of the first and last recipient here, µs; −1: none. */
  readonly firstUs: readonly number[];
  readonly lastUs: readonly number[];
  /** How old the newest message was that its clients held; of a probe only, `null` of a crowd. */
  readonly staleness: Staleness | null;
  /** Of a probe; `null` where arrivals are not kept, or the window has gaps. Absent of a crowd. */
  readonly overTime?: LatencyOverTime | null;
  /** Times in which the event loop did not turn, of the whole run. */
  readonly stalls: readonly Gap[];
  /** How its clients came back from drops; absent or `null`: they do not come back. */
  readonly recovery?: RecoveryTally | null;
  /** What its clients sent besides; absent or `null`: they send nothing, or what they send is published. */
  readonly uplink?: UplinkSent | null;
  /** Every delivery of the window, where the server stamps its part of them; `null` elsewhere. */
  readonly deliveries: DeliveryTimes | null;
  /** What slow readers had read from their sockets when the window ended; `null` of others. */
  readonly readAtWindowEndBytes?: number | null;
  /** Where its clients live in a browser; absent where in this process. */
  readonly browser?: BrowserFacts;
}

/** What was seen of messages that are not rtbench's own, over the clients of a process; what arrived in the window. */
export interface ObservedTally {
  readonly messages: number;
  readonly bodyBytes: number;
  /** That the client got that got most. */
  readonly mostOfOneClient: number;
  /** Clients that got nothing in the window. */
  readonly silentClients: number;
  /** Call of `connect` → first message, once a client, µs; of the whole run. */
  readonly firstMessage: EncodedHistogram;
  /** First messages after more than 60 s, which are not in it. */
  readonly firstsOutOfRange: number;
  /** Between two messages of one client, µs. */
  readonly gap: EncodedHistogram;
  /** Gaps of more than 60 s, which are not in it. */
  readonly gapsOutOfRange: number;
  /** Time of the window in which a client got nothing in one go, its begin and its end included, µs. */
  readonly longestGapUs: number;
  /** `null`: messages carry none. */
  readonly stamp: StampTally | null;
}

/** What became of the stamps of a server, of messages that arrived in the window. */
export interface StampTally {
  readonly read: number;
  /** Messages in which none was found. */
  readonly unread: number;
  /** Times later than their arrival, which count as no age; `null`, as what follows: it is a number and no time. */
  readonly negative: number | null;
  /** Ages of more than 60 s, which are in no percentile. */
  readonly outOfRange: number | null;
  /** The steps that the server's times go in, µs. */
  readonly resolutionUs: number | null;
  /** How far this machine's time of day moved during the run, µs. */
  readonly driftUs: number | null;
}

/** What clients of one process sent, of the window, that ends at the server. */
export interface UplinkSent {
  readonly sent: number;
  /** Due → sent, µs. */
  readonly scheduleLag: EncodedHistogram;
  readonly outOfRange: number;
}

/** Counts under the same key added up. */
export function sumByKey(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const some of counts) for (const [key, count] of Object.entries(some)) sum[key] = (sum[key] ?? 0) + count;
  return sum;
}

/** The browser that clients live in, and how the clocks of their pages are mapped to the run's. */
export interface BrowserFacts {
  readonly name: string;
  readonly version: string;
  readonly clock: {
    readonly source: 'performance.now';
    /** Cross-origin isolated, which makes the steps of the clock finer. */
    readonly isolated: boolean;
    /** Steps of the coarsest page clock, µs. */
    readonly resolutionUs: number;
    /** Most that a time from a page may be off, µs, steps included. */
    readonly errorUs: number;
    /** Most that a page's clock has drifted for certain, µs. */
    readonly driftUs: number;
    /** Of each page: what its clock has to be ahead of to be the run's, µs. */
    readonly offsetsUs: readonly number[];
  };
}

export interface RecoveryTally {
  /** In the order of the drops. */
  readonly outages: readonly Outage[];
  /** Deliveries of the window that were due while their client was away: those that never came, though it came back. */
  readonly missed: number;
  /** Of the same: those that came after all. */
  readonly recovered: number;
  /** Of the same: those to clients that are still away. */
  readonly outstanding: number;
  /**
   * For each client that takes itself for connected and lacks the last messages that were due to it in the window: how
   * many. So does one whose connection died without its noticing.
   */
  readonly silent: readonly number[];
}

/** From a drop until the same client is connected again. */
export interface Outage {
  readonly client: number;
  readonly droppedUs: number;
  /** `null`: it is still away. */
  readonly backUs: number | null;
  /** Begun so far. */
  readonly attempts: number;
}

/** By message of the window, in order, µs; `null`: it did not come here. */
export interface DeliveryTimes {
  readonly dueUs: readonly (number | null)[];
  readonly sentUs: readonly (number | null)[];
  /** For each client of the process. */
  readonly arrivedUs: readonly (readonly (number | null)[])[];
}

/** Deliveries by the slice of the window in which their messages were due: all slices are of one length. */
export interface LatencyOverTime {
  readonly count: readonly number[];
  /** Latencies of a slice added up, µs. */
  readonly sumUs: readonly number[];
  readonly maxUs: readonly number[];
}

export interface Staleness {
  /** The part of the window that it is taken over, summed over the clients, µs. */
  readonly clientUs: number;
  /** The part of that in which the client held something, µs. */
  readonly heldUs: number;
  /** Mean over the time in which it held something, µs; `null` where it never did. */
  readonly meanUs: number | null;
  /** Age in µs, counted once for each ms that it lasted; `null` where an age went beyond its range. */
  readonly histogram: EncodedHistogram | null;
}

export interface DeliveryCounts {
  /** Published by this process, due in the window. */
  readonly published: number;
  /** Due in the window at this process's publishers and never published. */
  readonly unpublished: number;
  readonly expected: number;
  readonly delivered: number;
  /** expected − delivered, before a gap or a drop is blamed. */
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
}
