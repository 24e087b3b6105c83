import { median, probit } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { LatencyHistogram } from '../metrics/histogram.js';
import { randomStream } from '../random.js';
import { bootstrapInterval, medianInterval, RESAMPLES } from './bootstrap.js';
import { PooledRounds } from './pooled-rounds.js';

const meanOf = (values: readonly number[]) => (times: Uint16Array) =>
  values.reduce((sum, value, index) => sum + value * (times[index] ?? 0), 0) / values.length;

describe('bootstrapInterval', () => {
  it('draws as many rounds as there are, each time', () => {
    let resamples = 0;
    bootstrapInterval(7, (times) => {
      resamples++;
      expect(times.reduce((sum, count) => sum + count, 0)).toBe(7);
      return 0;
    });
    expect(resamples).toBe(RESAMPLES);
  });

  it('gives the 50th figure from either end of 2,000', () => {
    let next = RESAMPLES;
    expect(bootstrapInterval(6, () => next--)).toEqual({ low: 50, high: 1_951 });
  });

  it('is the same every time', () => {
    const values = [3, 1, 4, 1, 5, 9];
    expect(bootstrapInterval(6, meanOf(values))).toEqual(bootstrapInterval(6, meanOf(values)));
  });

  it('is a point where all rounds say the same', () => {
    expect(medianInterval([4, 4, 4, 4, 4, 4])).toEqual({ low: 4, high: 4 });
  });
});

it('the interval of the median is that of the median of the rounds drawn', () => {
  for (const values of [
    [5, 1, 4, 2, 8, 3],
    [9, 1, 4, 2, 8, 3, 7],
  ]) {
    const plain = bootstrapInterval(values.length, (times) => {
      // Rounds by size, as the shortcut has them: which round is drawn how often is up to chance alone.
      const sorted = [...values].sort((a, b) => a - b);
      return median(sorted.flatMap((value, index) => new Array<number>(times[index] ?? 0).fill(value)));
    });
    expect(medianInterval(values)).toEqual(plain);
  }
});

describe('coverage, of rounds that differ by 12 % as whole rounds', () => {
  const draw = randomStream(7, 'coverage');
  const SIGMA = 0.12;
  const WITHIN = 0.4;
  const TRUE_P50_US = 1_000;
  const TRUE_P99_US = 1_000 * Math.exp(probit(0.99) * Math.hypot(SIGMA, WITHIN));

  /** A round's latencies: log-normal, the whole round slower or faster than usual. */
  function aRound(): LatencyHistogram {
    const histogram = new LatencyHistogram();
    const factor = Math.exp(SIGMA * probit(draw()));
    for (let i = 0; i < 100; i++) histogram.record(1_000 * factor * Math.exp(WITHIN * probit((i + 0.5) / 100)));
    return histogram;
  }

  function coverage(rounds: number): { p50: number; p99: number } {
    const REPEATS = 100;
    const held = { p50: 0, p99: 0 };
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const pooled = new PooledRounds(Array.from({ length: rounds }, aRound));
      const p50 = bootstrapInterval(rounds, (times) => pooled.percentile(50, times));
      const p99 = bootstrapInterval(rounds, (times) => pooled.percentile(99, times));
      if (p50.low <= TRUE_P50_US * 1.001 && p50.high >= TRUE_P50_US * 0.999) held.p50++;
      if (p99.low <= TRUE_P99_US * 1.001 && p99.high >= TRUE_P99_US * 0.999) held.p99++;
    }
    return { p50: held.p50 / REPEATS, p99: held.p99 / REPEATS };
  }

  it('is poor at 3 rounds, and about what the caveat says at 8 and 20', () => {
    expect(coverage(3).p50).toBeLessThan(0.8);
    const [at8, at20] = [coverage(8), coverage(20)];
    expect(Math.abs(at8.p50 - 0.88)).toBeLessThan(0.08);
    expect(Math.abs(at20.p50 - 0.93)).toBeLessThan(0.08);
    expect(Math.abs(at8.p99 - 0.83)).toBeLessThan(0.1);
    expect(Math.abs(at20.p99 - 0.88)).toBeLessThan(0.1);
  });
});
