import type { LatencyHistogram } from '../metrics/histogram.js';

/**
 * The latencies of several rounds, decoded once, so that percentiles of any mixture of the rounds cost a few additions:
 * for each round how many values are at or below each value that occurs in any of them.
 */
export class PooledRounds {
  readonly #valuesUs: readonly number[];
  /** One list a round, as long as `#valuesUs`. */
  readonly #atOrBelow: readonly Float64Array[];

  constructor(histograms: readonly LatencyHistogram[]) {
    const buckets = histograms.map((histogram) => histogram.buckets);
    this.#valuesUs = [...new Set(buckets.flatMap(({ valuesUs }) => valuesUs))].sort((a, b) => a - b);
    this.#atOrBelow = buckets.map(({ valuesUs, counts }) => {
      const sums = new Float64Array(this.#valuesUs.length);
      let sum = 0;
      let next = 0;
      for (const [index, valueUs] of this.#valuesUs.entries()) {
        if (valuesUs[next] === valueUs) sum += counts[next++] ?? 0;
        sums[index] = sum;
      }
      return sums;
    });
  }

  /**
   * The value in µs that `percentile` (0–100) per cent do not exceed, where each round counts as often as `times` says:
   * what the merged histogram of that many copies would give. NaN where there are no values.
   */
  percentile(percentile: number, times: ArrayLike<number>): number {
    const last = this.#valuesUs.length - 1;
    const total = this.#count(last, times);
    // Less a trifle, as HdrHistogram does: 0.99 × 100 may come out just above 99.
    const wanted = Math.max(1, Math.ceil((percentile / 100) * total * (1 - Number.EPSILON)));
    let low = 0;
    let high = last;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#count(middle, times) >= wanted) high = middle;
      else low = middle + 1;
    }
    return this.#valuesUs[low] ?? Number.NaN;
  }

  #count(index: number, times: ArrayLike<number>): number {
    let count = 0;
    for (let round = 0; round < this.#atOrBelow.length; round++) {
      count += (times[round] ?? 0) * (this.#atOrBelow[round]?.[index] ?? 0);
    }
    return count;
  }
}
