import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LatencyHistogram } from '../metrics/histogram.js';
import { describeHistogram, mergeHistograms } from './distribution.js';

const histogramOf = (values: readonly number[]) => {
  const histogram = new LatencyHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
};
const to = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
const publishes = (count: number) => ({ count, noun: 'publishes' });

describe('describeHistogram', () => {
  it('gives every percentile that the publishes carry', () => {
    const { distribution, notMeasured } = describeHistogram('latencyUs', histogramOf(to(1_000)), publishes(2_995));
    expect(distribution).toMatchObject({
      count: 1_000,
      min: 1,
      mean: 500.5,
      p50: 500,
      p90: 900,
      p95: 950,
      p99: 990,
      p999: 999,
      max: 1_000,
    });
    expect(notMeasured).toEqual({});
  });

  it('goes by publishes, not by deliveries', () => {
    const { distribution, notMeasured } = describeHistogram('latencyUs', histogramOf(to(1_000)), publishes(298));
    expect(distribution.p95).toBe(950);
    expect(distribution.p99).toBeNull();
    expect(distribution.p999).toBeNull();
    expect(notMeasured).toEqual({
      'latencyUs.p99': 'needs 299 publishes, there were 298',
      'latencyUs.p999': 'needs 2,995 publishes, there were 298',
    });
  });

  it('has a p99 from 299 publishes', () => {
    const { distribution, notMeasured } = describeHistogram('latencyUs', histogramOf(to(1_000)), publishes(299));
    expect(distribution.p99).toBe(990);
    expect(Object.keys(notMeasured)).toEqual(['latencyUs.p999']);
  });

  it('is null throughout, with one reason, when nothing was recorded', () => {
    const { distribution, notMeasured } = describeHistogram('connectUs', new LatencyHistogram(), publishes(5_000));
    const { count, ...figures } = distribution;
    expect(count).toBe(0);
    expect(new Set(Object.values(figures))).toEqual(new Set([null]));
    expect(notMeasured).toEqual({ connectUs: 'nothing was recorded' });
  });
});

describe('mergeHistograms', () => {
  it('is the histogram of all values, however they were dealt out', () => {
    const values = fc.array(fc.integer({ min: 1, max: 50_000_000 }), { maxLength: 40 });
    fc.assert(
      fc.property(fc.array(values, { maxLength: 4 }), (parts) => {
        const merged = mergeHistograms(parts.map((part) => histogramOf(part).encode()));
        // Encoded too: a decoded histogram knows its max to a bucket only.
        const whole = mergeHistograms([histogramOf(parts.flat()).encode()]);
        const described = (histogram: LatencyHistogram) => describeHistogram('x', histogram, publishes(3_000));
        expect(described(merged)).toEqual(described(whole));
      }),
      { numRuns: 30 },
    );
  });

  it('takes null for a histogram without values', () => {
    expect(mergeHistograms([null, histogramOf([7]).encode(), null]).count).toBe(1);
  });
});
