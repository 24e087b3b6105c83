import { LatencyHistogram } from '../metrics/histogram.js';
import type { CompletedRow } from './schema.js';

/** Values on the axis of a percentile curve: log₁₀(1 / (1 − p)), 0 for the fastest, 1 for 90 %, 2 for 99 %. */
const STEP = 0.02;
const MEDIAN = Math.log10(2);

/** Finest percentile of any curve: 99.99 %. */
const MOST_NINES = 4;

/** The axis that all curves share, ascending; under 210 values. */
export const CURVE_AXIS: readonly number[] = [
  ...Array.from({ length: MOST_NINES / STEP + 1 }, (_, index) => Number((index * STEP).toFixed(2))),
  MEDIAN,
].sort((a, b) => a - b);

/**
 * A row's latency in µs at each value of `CURVE_AXIS`; `null` beyond the last percentile that its publishes can carry,
 * by the rule that withholds a p99 (a percentile p needs n publishes with pⁿ < 5 %), and everywhere without histogram.
 */
export function latencyCurve({ latencyUs, samples }: Pick<CompletedRow, 'latencyUs' | 'samples'>): (number | null)[] {
  if (latencyUs.histogram === null) return CURVE_AXIS.map(() => null);
  const histogram = LatencyHistogram.decode(latencyUs.histogram);
  const last = lastNines(samples.publishes);
  return CURVE_AXIS.map((nines) => (nines > last ? null : histogram.percentile(100 * (1 - 10 ** -nines))));
}

/** `0.05 ^ (1 / n)` on the axis of the curve. */
function lastNines(publishes: number): number {
  return publishes < 1 ? 0 : -Math.log10(1 - 0.05 ** (1 / publishes));
}
