import type { Clock } from '../metrics/clock.js';
import { LatencyHistogram } from '../metrics/histogram.js';
import type { UplinkSent } from '../metrics/tally.js';
import { overwriteEnvelope } from '../protocol/envelope.js';

export interface AcknowledgerOptions {
  readonly clock: Clock;
  /** A whole acknowledgement; its envelope is written over. */
  readonly template: Uint8Array;
  /** Messages below this sequence number are the warm-up's. */
  readonly warmupCount: number;
  readonly send: (client: number, body: Uint8Array) => void;
}

/**
 * Answers messages as they come: an acknowledgement is due when its client has the message, and carries the number of
 * that. One body is allocated for each, as transports may send it later.
 */
export class Acknowledger {
  readonly #options: AcknowledgerOptions;
  #sent = 0;

  constructor(options: AcknowledgerOptions) {
    this.#options = options;
  }

  acknowledge(client: number, sequence: number): void {
    const { clock, template, warmupCount, send } = this.#options;
    const body = template.slice();
    overwriteEnvelope(body, client, sequence, clock.nowUs(), 0);
    if (sequence >= warmupCount) this.#sent++;
    send(client, body);
  }

  /** They are sent in the call in which they become due: there is no lag to record. */
  get sent(): UplinkSent {
    return { sent: this.#sent, scheduleLag: new LatencyHistogram().encode(), outOfRange: 0 };
  }
}
