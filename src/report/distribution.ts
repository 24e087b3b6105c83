import { type EncodedHistogram, LatencyHistogram } from '../metrics/histogram.js';
import type { NotMeasured } from './not-measured.js';
import type { Distribution } from './schema.js';

/** Fewest independent samples for which a 95 % bound of the 99th percentile exists: 0.99 ^ 299 < 5 %. */
export const MIN_SAMPLES_P99 = 299;

/** The same for the 99.9th percentile: 0.999 ^ 2,995 < 5 %. */
export const MIN_SAMPLES_P999 = 2_995;

/** A distribution and the reasons of its nulls, by paths that start with the name it was given. */
export interface DescribedDistribution {
  readonly distribution: Distribution;
  readonly notMeasured: NotMeasured;
}

/** How many independent samples stand behind a histogram, and what they are. */
export interface SampleSize {
  readonly count: number;
  /** Plural, as in "needs 299 publishes". */
  readonly noun: string;
}

/**
 * Describes the histogram called `path` (`latencyUs`). The sample is the publish and not the delivery, because the
 * deliveries of one message are correlated: percentiles that this many publishes cannot carry are null.
 */
export function describeHistogram(
  path: string,
  histogram: LatencyHistogram,
  samples: SampleSize,
): DescribedDistribution {
  if (histogram.count === 0) return withheldDistribution(path, 'nothing was recorded');
  const p99 = samples.count >= MIN_SAMPLES_P99;
  const p999 = samples.count >= MIN_SAMPLES_P999;
  const notMeasured: NotMeasured = {};
  if (!p99) notMeasured[`${path}.p99`] = tooFew(MIN_SAMPLES_P99, samples);
  if (!p999) notMeasured[`${path}.p999`] = tooFew(MIN_SAMPLES_P999, samples);
  const distribution: Distribution = {
    count: histogram.count,
    min: histogram.min,
    mean: Math.round(histogram.mean * 10) / 10,
    p50: histogram.percentile(50),
    p90: histogram.percentile(90),
    p95: histogram.percentile(95),
    p99: p99 ? histogram.percentile(99) : null,
    p999: p999 ? histogram.percentile(99.9) : null,
    max: histogram.max,
    histogram: histogram.encode(),
  };
  return { distribution, notMeasured };
}

/** A distribution without any figure, for one reason. */
export function withheldDistribution(path: string, reason: string): DescribedDistribution {
  const none = { min: null, mean: null, p50: null, p90: null, p95: null, p99: null, p999: null, max: null };
  return { distribution: { count: 0, ...none, histogram: null }, notMeasured: { [path]: reason } };
}

/** One histogram of all values of several encoded ones; `null` stands for one without values. */
export function mergeHistograms(encoded: readonly (EncodedHistogram | null)[]): LatencyHistogram {
  const merged = new LatencyHistogram();
  for (const histogram of encoded) {
    if (histogram !== null) merged.add(LatencyHistogram.decode(histogram));
  }
  return merged;
}

/** Why a percentile that needs so many samples is null. */
export function tooFew(needed: number, { count, noun }: SampleSize): string {
  return `needs ${needed.toLocaleString('en-US')} ${noun}, there were ${count.toLocaleString('en-US')}`;
}
