import type { Clock } from './clock.js';

const READINGS = 3;

/** The time of day of this machine (`Date.now()`, UTC) by a monotonic clock, finer than its steps of 1 ms. */
export class EpochClock {
  readonly #clock: Clock;
  readonly #offsetUs: number;

  /** Waits for three steps of `Date.now()`, up to 3 ms. */
  constructor(clock: Clock) {
    this.#clock = clock;
    this.#offsetUs = readOffsetUs(clock);
  }

  /** µs since 1970 of an instant of the monotonic clock. */
  epochUs(atUs: number): number {
    return atUs + this.#offsetUs;
  }

  /** How far the machine's time of day was set or drifted from the monotonic clock since the construction, µs. */
  driftUs(): number {
    return Math.abs(readOffsetUs(this.#clock) - this.#offsetUs);
  }
}

/** At the step itself: seen late, it makes the offset too small, so that the greatest is the best. */
function readOffsetUs(clock: Clock): number {
  let offsetUs = Number.NEGATIVE_INFINITY;
  for (let reading = 0; reading < READINGS; reading++) {
    const before = Date.now();
    let now = before;
    while (now === before) now = Date.now();
    offsetUs = Math.max(offsetUs, now * 1_000 - clock.nowUs());
  }
  return offsetUs;
}
