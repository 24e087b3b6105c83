import type { EncodedHistogram } from '../metrics/histogram.js';
import type { PublishPhase } from './messages.js';

/** What clients will send besides, by which the server knows what it takes. See `Uplink` of a scenario. */
export interface UplinkRequest {
  readonly kind: 'stream' | 'acknowledgements';
  /** Of every body. */
  readonly sizeBytes: number;
  readonly clients: number;
  /**
   * Sequence numbers there are, those of the warm-up first: of the messages themselves, or of those that are
   * acknowledged.
   */
  readonly sequences: Readonly<Record<PublishPhase, number>>;
  /** Channels that clients are dealt out over, client by client. */
  readonly channels: number;
  /** Messages that come if none is lost. */
  readonly expected: Readonly<Record<PublishPhase, number>>;
}

/** What the server took of it. All but `foreign` is of the messages of the window. */
export interface UplinkTaken {
  readonly taken: number;
  readonly duplicated: number;
  /** Behind a later one of the same client. */
  readonly reordered: number;
  /** None that any client was to send, warm-up included. */
  readonly foreign: number;
  /** Due → taken, µs. */
  readonly latency: EncodedHistogram;
  /** Sent → taken, µs. */
  readonly serviceLatency: EncodedHistogram;
  readonly negative: number;
  readonly outOfRange: number;
}
