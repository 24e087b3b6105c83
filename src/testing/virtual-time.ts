import type { Clock } from '../metrics/clock.js';
import type { WakeAt } from '../metrics/punctual-wake.js';

/** A clock that tests move: callbacks run in the order of their times, and time jumps from one to the next. */
export class VirtualTime implements Clock {
  #nowUs = 0;
  #order = 0;
  readonly #queue: { atUs: number; order: number; callback: () => void }[] = [];

  nowUs(): number {
    return this.#nowUs;
  }

  readonly at: WakeAt = (atUs, callback) => {
    const entry = { atUs: Math.max(atUs, this.#nowUs), order: this.#order++, callback };
    this.#queue.push(entry);
    return () => {
      const index = this.#queue.indexOf(entry);
      if (index >= 0) this.#queue.splice(index, 1);
    };
  };

  /** Runs until nothing is left to happen. */
  run(): void {
    for (;;) {
      this.#queue.sort((a, b) => a.atUs - b.atUs || a.order - b.order);
      const next = this.#queue.shift();
      if (!next) return;
      this.#nowUs = next.atUs;
      next.callback();
    }
  }
}
