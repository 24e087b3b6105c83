import type { Clock } from '../metrics/clock.js';

/** What is kept between two questions: they are asked about single messages, and a peer may send any number. */
const MAX_NOTES = 10_000;

/** When messages of clients came, by channel, in their order; of those after `MAX_NOTES` nothing is kept. */
export class UplinkNotes {
  readonly #clock: Clock;
  #atUs = new Map<string, number[]>();
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  readonly note = (channel: string): void => {
    if (this.#count >= MAX_NOTES) return;
    const atUs = this.#clock.nowUs();
    this.#count++;
    const notes = this.#atUs.get(channel);
    if (notes) notes.push(atUs);
    else this.#atUs.set(channel, [atUs]);
  };

  /** What came since the last call, µs. */
  take(): Record<string, readonly number[]> {
    const taken = Object.fromEntries(this.#atUs);
    this.#atUs = new Map();
    this.#count = 0;
    return taken;
  }
}
