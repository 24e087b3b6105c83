// @ts-check
import { describe, expect, it } from 'vitest';
import { percentile, ratioWith, stallFor } from './stall.js';

/**
 * @param {number} count
 * @param {(at: number) => number} latencyUs
 * @returns {import('./stall.js').Latencies}
 */
function latencies(count, latencyUs) {
  const valuesUs = Array.from({ length: count }, (_, at) => latencyUs(at)).sort((a, b) => a - b);
  return { valuesUs, counts: valuesUs.map(() => 1) };
}

/**
 * The same with every 20th of them late.
 *
 * @param {import('./stall.js').Latencies} run
 * @param {number} us
 */
function withStall({ valuesUs }, us) {
  // One with the next: which of them are held has nothing to do with how late they are.
  return latencies(valuesUs.length, (at) => (valuesUs[at] ?? 0) + (at % 20 === 7 ? us : 0));
}

const WISH = { share: 0.05, ratio: 1.1 };
const SHAPES = /** @type {const} */ ([
  ['without a tail', latencies(4_000, (at) => 500 + at / 4)],
  ['with a long tail', latencies(4_000, (at) => 200 - 150 * Math.log(1 - at / 4_000))],
  ['with a heavy tail', latencies(4_000, (at) => 200 / (1 - at / 4_000) ** 0.5)],
]);

describe('a stall that makes p99 10 % higher', () => {
  it.each(SHAPES)('does so to latencies %s', (_, run) => {
    const us = stallFor([run], WISH);
    const stalled = withStall(run, us);
    expect(percentile(stalled, 99) / percentile(run, 99)).toBeCloseTo(1.1, 2);
    expect(ratioWith([run], { us, share: WISH.share })).toBeCloseTo(1.1, 3);
    // No further than to where half of all are half of what is not held.
    expect(percentile(stalled, 50)).toBeLessThanOrEqual(1.001 * percentile(run, 50 / 0.95));
  });

  it('does so in the median of runs that differ', () => {
    const runs = [1, 2, 3].map((times) => latencies(1_500, (at) => times * (500 + at / 4)));
    const us = stallFor(runs, WISH);
    expect(us).toBeCloseTo(stallFor(runs.slice(1, 2), WISH), 0);
  });
});
