import { cumulativeStdNormalProbability, median } from 'simple-statistics';

/** Up to so many pairs p is exact; beyond them the normal approximation is as good. */
const MAX_EXACT_PAIRS = 50;

/** Half of what a 95 % interval leaves out. */
const TAIL = 0.025;
const Z_OF_TAIL = 1.959964;

export interface SignedRank {
  /** Wilcoxon's signed-rank test against "no difference", two-sided. 1 where every difference is 0. */
  readonly p: number;
  /** Hodges–Lehmann estimate of the difference: the median of all averages of two (a value with itself included). */
  readonly estimate: number;
  /**
   * The differences that the test does not reject at 5 %: an interval of at least 95 %. `null` below 6 pairs, where
   * the test rejects none.
   */
  readonly interval: { readonly low: number; readonly high: number } | null;
}

/**
 * Wilcoxon's signed-rank test of paired differences (Wilcoxon 1945), and the estimate and interval that belong to it
 * (Hodges and Lehmann 1963). Assumes that the differences are symmetric about their centre, which differences of
 * logarithms of two like figures nearly are. Differences of 0 are left out of p; ties get their middle rank.
 *
 * @param differences one a round, at least one
 */
export function signedRank(differences: readonly number[]): SignedRank {
  const averages = walshAverages(differences);
  return { p: pValue(differences), estimate: median(averages), interval: intervalOf(averages, differences.length) };
}

/**
 * The same test against "no difference or less", one-sided: small where the differences are above 0. 1 where every
 * difference is 0.
 */
export function pAbove(differences: readonly number[]): number {
  const { ranks, total, positive } = rankSums(differences);
  return ranks.length === 0 ? 1 : atMost(total - positive, ranks, total);
}

/** The p of so many differences that all have the same sign: no clearer result can have a smaller one. */
export function smallestP(pairs: number): number {
  return Math.min(1, 2 ** (1 - pairs));
}

/** Averages of every two of the values, each with itself too, in order. */
function walshAverages(values: readonly number[]): number[] {
  const averages = values.flatMap((value, index) => values.slice(index).map((other) => (value + other) / 2));
  return averages.sort((a, b) => a - b);
}

function pValue(differences: readonly number[]): number {
  const { ranks, total, positive } = rankSums(differences);
  return Math.min(1, 2 * atMost(Math.min(positive, total - positive), ranks, total));
}

/** Sums of (doubled) ranks: of all differences but those of 0, and of those above it. */
function rankSums(differences: readonly number[]) {
  const nonzero = differences.filter((value) => value !== 0);
  const ranks = doubledRanks(nonzero.map(Math.abs));
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  const positive = ranks.reduce((sum, rank, index) => ((nonzero[index] ?? 0) > 0 ? sum + rank : sum), 0);
  return { ranks, total, positive };
}

/** Twice the rank of each value, so that the middle ranks of ties stay whole numbers. */
function doubledRanks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return 2 * below + equal + 1;
  });
}

/** Probability that the ranks with a positive sign add up to `sum` or less, where every sign is as likely as the other. */
function atMost(sum: number, ranks: readonly number[], total: number): number {
  if (ranks.length > MAX_EXACT_PAIRS) {
    const variance = ranks.reduce((squares, rank) => squares + rank ** 2, 0) / 4;
    return cumulativeStdNormalProbability((sum + 1 - total / 2) / Math.sqrt(variance));
  }
  return probabilities(ranks)
    .subarray(0, sum + 1)
    .reduce((all, probability) => all + probability, 0);
}

/** Of each sum that some of the ranks may have, where each of them is in it or not with the same probability. */
function probabilities(ranks: readonly number[]): Float64Array {
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  const probability = new Float64Array(total + 1);
  probability[0] = 1;
  for (const rank of ranks) {
    for (let sum = total; sum >= 0; sum--) {
      const without = probability[sum] ?? 0;
      const withIt = sum >= rank ? (probability[sum - rank] ?? 0) : 0;
      probability[sum] = (without + withIt) / 2;
    }
  }
  return probability;
}

/** The test turned round: as many averages are left out at either end as the smallest sums of ranks are unlikely. */
function intervalOf(averages: readonly number[], pairs: number): SignedRank['interval'] {
  const leftOut = averagesLeftOut(pairs);
  if (leftOut === 0) return null;
  return { low: averages[leftOut - 1] ?? Number.NaN, high: averages[averages.length - leftOut] ?? Number.NaN };
}

function averagesLeftOut(pairs: number): number {
  if (pairs > MAX_EXACT_PAIRS) {
    const deviation = Math.sqrt((pairs * (pairs + 1) * (2 * pairs + 1)) / 24);
    return Math.floor((pairs * (pairs + 1)) / 4 - Z_OF_TAIL * deviation);
  }
  const probability = probabilities(Array.from({ length: pairs }, (_, index) => index + 1));
  let tail = probability[0] ?? 1;
  let sum = 0;
  while (tail <= TAIL) tail += probability[++sum] ?? 1;
  return sum;
}
