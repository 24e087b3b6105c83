/** Time in µs since an epoch that several processes share; monotonic. */
export interface Clock {
  nowUs(): number;
}

/**
 * The machine-wide monotonic clock (`process.hrtime`, the same for every process of one host), read through
 * `performance.now()`, which allocates nothing. The two are aligned once, by the reading that nests tightest.
 */
export class HostClock implements Clock {
  readonly #offsetUs: number;
  /** Half the width of the tightest nesting, µs: how far `nowUs` may be off. */
  readonly errorUs: number;

  /** `epochNs`: the epoch as a value of `process.hrtime.bigint()`. */
  constructor(epochNs: bigint) {
    let offsetUs = 0;
    let widthUs = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < 50; attempt++) {
      const beforeUs = Number(process.hrtime.bigint() - epochNs) / 1_000;
      const readUs = performance.now() * 1_000;
      const afterUs = Number(process.hrtime.bigint() - epochNs) / 1_000;
      if (afterUs - beforeUs >= widthUs) continue;
      widthUs = afterUs - beforeUs;
      offsetUs = (beforeUs + afterUs) / 2 - readUs;
    }
    this.#offsetUs = offsetUs;
    this.errorUs = widthUs / 2;
  }

  nowUs(): number {
    return performance.now() * 1_000 + this.#offsetUs;
  }
}
