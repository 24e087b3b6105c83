import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LatencyHistogram } from '../metrics/histogram.js';
import { PooledRounds } from './pooled-rounds.js';

function histogramOf(values: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const us of values) histogram.record(us);
  return histogram;
}

const latencies = fc.array(fc.oneof(fc.integer({ min: 0, max: 60_000_000 }), fc.integer({ min: 0, max: 5_000 })), {
  minLength: 1,
  maxLength: 60,
});

it('gives the percentiles of the merged histograms, whatever the mixture of rounds', () => {
  const rounds = fc.array(fc.record({ values: latencies, times: fc.nat(4) }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(rounds, fc.constantFrom(0.1, 10, 50, 90, 95, 99, 99.9, 100), (given, percentile) => {
      fc.pre(given.some(({ times }) => times > 0));
      const histograms = given.map(({ values }) => histogramOf(values));
      const merged = new LatencyHistogram();
      for (const [round, { times }] of given.entries()) {
        for (let copy = 0; copy < times; copy++) merged.add(histograms[round] ?? new LatencyHistogram());
      }
      const times = given.map((round) => round.times);
      expect(new PooledRounds(histograms).percentile(percentile, times)).toBe(merged.percentile(percentile));
    }),
    { numRuns: 30 },
  );
});

it('has no percentile without values', () => {
  expect(new PooledRounds([histogramOf([])]).percentile(50, [1])).toBeNaN();
  expect(new PooledRounds([]).percentile(50, [])).toBeNaN();
});
