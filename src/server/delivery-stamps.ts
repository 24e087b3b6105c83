import type { Clock } from '../metrics/clock.js';
import type { ServerStamps, StampRequest } from '../protocol/messages.js';
import type { Message } from '../transports/transport.js';

const NONE = Number.NaN;
const ZERO = '0'.charCodeAt(0);

/**
 * When the hub took each message of the window, and when it was the turn of each of a few readers to get it: the
 * handing over to a subscriber, or the answer to a poll. One look at the clock each, and nothing is allocated.
 */
export class DeliveryStamps {
  readonly #clock: Clock;
  readonly #request: StampRequest;
  readonly #takenUs: Float64Array;
  /** A row of messages for each reader. */
  readonly #turnUs: Float64Array;
  /** Local port of a connection → its reader, from 0. */
  readonly readerOfPort = new Map<number, number>();

  constructor(request: StampRequest, clock: Clock) {
    this.#clock = clock;
    this.#request = request;
    this.#takenUs = new Float64Array(request.messages).fill(NONE);
    this.#turnUs = new Float64Array(request.messages * request.readers).fill(NONE);
  }

  take({ body }: Message): void {
    const index = this.#indexOf(body);
    if (index >= 0) this.#takenUs[index] = this.#clock.nowUs();
  }

  /** The first turn counts: a message that comes twice is in the ledger of the load. */
  turn(reader: number, { body }: Message): void {
    const index = this.#indexOf(body);
    const at = reader * this.#request.messages + index;
    if (index >= 0 && Number.isNaN(this.#turnUs[at])) this.#turnUs[at] = this.#clock.nowUs();
  }

  collect(): ServerStamps {
    const { readers, messages } = this.#request;
    const plain = (us: Float64Array) => Array.from(us, (value) => (Number.isNaN(value) ? null : Math.round(value)));
    return {
      takenUs: plain(this.#takenUs),
      turnUs: Array.from({ length: readers }, (_, reader) =>
        plain(this.#turnUs.subarray(reader * messages, (reader + 1) * messages)),
      ),
    };
  }

  /** Place of a message in the window by the number in its body; −1: it is not of the window. */
  #indexOf(body: Uint8Array): number {
    const { sequenceAt, sequenceDigits, firstSequence, messages } = this.#request;
    if (body.length < sequenceAt + sequenceDigits) return -1;
    let sequence = 0;
    for (let i = sequenceAt; i < sequenceAt + sequenceDigits; i++) sequence = sequence * 10 + ((body[i] ?? 0) - ZERO);
    const index = sequence - firstSequence;
    return index >= 0 && index < messages ? index : -1;
  }
}
