import { probit, sampleStandardDeviation } from 'simple-statistics';

/** With how much probability a change is to be seen that is called visible. */
const POWER = 0.8;
/** What the signed-rank test takes for as much as a t-test does with one pair (3/π, for normal differences). */
const EFFICIENCY = 3 / Math.PI;

export interface Demand {
  /** One-sided, what the last look has for a single figure of the family. */
  readonly alpha: number;
  /** As a share. */
  readonly threshold: number;
}

/** How far log ratios within pairs spread: their standard deviation; `null` below 2. */
export function spreadOfPairs(logRatios: readonly number[]): number | null {
  return logRatios.length < 2 ? null : sampleStandardDeviation([...logRatios]);
}

/** What so many pairs of the same program come to by chance alone in 19 of 20 cases at the most, as a share. */
export function noiseOfPairs(pairs: number, spread: number): number {
  return Math.expm1(probit(0.975) * standardError(pairs, spread));
}

/**
 * The smallest change, as a share, that so many pairs show with a probability of 80 %: it has to be told from none, and
 * its estimate has to be beyond the threshold. By the normal approximation; `spread`: as of `spreadOfPairs`.
 */
export function smallestVisibleChange(pairs: number, spread: number, { alpha, threshold }: Demand): number {
  const error = standardError(pairs, spread);
  const toBeTold = (probit(1 - alpha) + probit(POWER)) * error;
  const toBeBeyond = Math.log1p(threshold) + probit(POWER) * error;
  return Math.expm1(Math.max(toBeTold, toBeBeyond));
}

/**
 * Pairs that would do, with a probability of 80 %, for a figure whose log ratio is `estimate`: to tell it from none
 * where it is beyond the threshold, else to exclude the threshold. `null`: it is so near to it that no number would.
 */
export function pairsToDecide(estimate: number, spread: number, { alpha, threshold }: Demand): number | null {
  const limit = Math.log1p(threshold);
  const gap = estimate > limit ? Math.min(estimate, 2 * (estimate - limit)) : limit - estimate;
  const sum = probit(1 - alpha) + probit(POWER);
  const pairs = Math.ceil((sum * spread) ** 2 / (EFFICIENCY * gap ** 2));
  return pairs <= MOST_PAIRS ? pairs : null;
}

/** More than that is no gate: an hour or two. */
const MOST_PAIRS = 500;

function standardError(pairs: number, spread: number): number {
  return spread / Math.sqrt(EFFICIENCY * pairs);
}
