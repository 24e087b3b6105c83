import type { CompletedRow } from './schema.js';
import { type SignedRank, signedRank } from './signed-rank.js';
import { MIN_ROUNDS_FOR_INTERVAL, pairedLogRatios, type RunFigure, separates } from './statistics.js';

/** A difference is called one by the signed-rank test when p, corrected for all pairs of rows, is below 5 %. */
export const SIGNIFICANCE = 0.05;

/**
 * The smallest ratio that the signed-rank test may call a difference: 5 %. Below it two runs of the same row differ for
 * reasons that shuffling does not average out (where memory came to lie, what was compiled when).
 */
export const MIN_RATIO_EFFECT = 0.05;

/** How two rows stand to each other by a figure, from the ratios within the rounds that both completed. */
export interface Comparison {
  readonly a: CompletedRow;
  readonly b: CompletedRow;
  /** Rounds in which both have the figure. */
  readonly pairs: number;
  /** a / b, Hodges–Lehmann; null without pairs. */
  readonly ratio: number | null;
  /** Of the ratio, 95 %; null below 6 pairs. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  /** Signed-rank test, corrected by Holm for all pairs of rows that were compared; null below 6 pairs. */
  readonly p: number | null;
  /** Whether every round puts the same one higher. */
  readonly agreed: boolean;
  readonly different: boolean;
}

/**
 * Every two of the rows. They differ when each round says so by more than `MIN_EFFECT`; from 6 rounds on also when the
 * signed-rank test does, at 5 % after Holm's correction, and their ratio is beyond `MIN_RATIO_EFFECT`. The correction
 * counts all pairs, because which row is the lowest is only chosen after looking.
 */
export function compareRows(rows: readonly CompletedRow[], figure: RunFigure): Comparison[] {
  const pairs = rows.flatMap((a, index) => rows.slice(index + 1).map((b) => ({ a, b })));
  const judged = compareLogRatios(pairs.map(({ a, b }) => pairedLogRatios(a, b, figure)));
  return pairs.map(({ a, b }, index) => ({ a, b, ...(judged[index] ?? NOTHING) }));
}

export type Judged = Omit<Comparison, 'a' | 'b'>;

const NOTHING: Judged = { pairs: 0, ratio: null, interval: null, p: null, agreed: false, different: false };

/** The same for lists of log ratios, one list for each comparison of the family that is judged together. */
export function compareLogRatios(family: readonly (readonly number[])[]): Judged[] {
  const tests = family.map((logRatios) => (logRatios.length === 0 ? null : signedRank(logRatios)));
  const tested = tests.flatMap((test, index) =>
    test !== null && (family[index]?.length ?? 0) >= MIN_ROUNDS_FOR_INTERVAL ? [{ index, p: test.p }] : [],
  );
  const adjusted = holm(tested.map(({ p }) => p));
  const pOf = new Map(tested.map(({ index }, at) => [index, adjusted[at] ?? 1]));
  return family.map((logRatios, index) => judge(logRatios, tests[index] ?? null, pOf.get(index) ?? null));
}

function judge(logRatios: readonly number[], test: SignedRank | null, p: number | null): Judged {
  if (test === null) return NOTHING;
  const { estimate, interval } = test;
  const significant = p !== null && p < SIGNIFICANCE && Math.abs(estimate) > Math.log(1 + MIN_RATIO_EFFECT);
  return {
    pairs: logRatios.length,
    ratio: Math.exp(estimate),
    interval: interval && { low: Math.exp(interval.low), high: Math.exp(interval.high) },
    p,
    agreed: logRatios.every((ratio) => ratio > 0) || logRatios.every((ratio) => ratio < 0),
    different: significant || separates(logRatios),
  };
}

/** Holm's step-down correction (Holm 1979): the k-th smallest of m p-values times m − k + 1, never falling. */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const adjusted = new Array<number>(ps.length);
  let highest = 0;
  for (const [rank, { p, index }] of order.entries()) {
    highest = Math.max(highest, Math.min(1, p * (ps.length - rank)));
    adjusted[index] = highest;
  }
  return adjusted;
}
