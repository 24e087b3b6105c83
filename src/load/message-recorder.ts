import type { LatencyHistogram } from '../metrics/histogram.js';
import type { DeliveryCounts } from '../metrics/tally.js';
import type { PublishPhase } from '../protocol/messages.js';
import type { ArrivalLog } from './arrivals.js';

/** What the messages of a process's clients go through. A process has one of them, so that a call of it stays a plain call. */
export interface MessageRecorder {
  readonly latency: LatencyHistogram;
  readonly serviceLatency: LatencyHistogram;
  /** Latency of the first and the last recipient of each message of the window, µs; −1: none so far. */
  readonly firstUs: Float64Array;
  readonly lastUs: Float64Array;
  readonly expected: Readonly<Record<PublishPhase, number>>;
  readonly received: Record<PublishPhase, number>;
  readonly arrivals: ArrivalLog | null;
  readonly foreign: number;
  readonly publishesReceived: number;
  readonly delivery: Omit<DeliveryCounts, 'published' | 'unpublished'>;
  /** A message has reached the client in this slot. */
  onMessage(slot: number, body: Uint8Array): void;
  /** A client begins to connect. */
  onOpening?(slot: number, atUs: number): void;
  /** The last message in its channel that a client has got, by sequence number; −1: none. */
  highestSequence(slot: number): number;
}
