import { median } from 'simple-statistics';
import type { CompletedRun, ReportRow, Spread } from './schema.js';

/** A figure of one run; `null` where it was not measured. */
export type RunFigure = (run: CompletedRun) => number | null;

/** Below this many pairs nothing separates: two pairs agree by chance every second time. */
export const MIN_PAIRS = 3;

/**
 * The smallest effect, in every single pair, that may be called a difference: 10 %. On a shared machine two runs of the
 * same row, seconds apart, differ by about that much in CPU, so three of them agree by chance on less.
 */
export const MIN_EFFECT = 0.1;

/** Rounds from which an interval would be honest; below it only median and range are printed. */
export const MIN_ROUNDS_FOR_INTERVAL = 6;

/** Median, lowest and highest of what was measured; all `null` where nothing was. */
export function spreadOf(values: readonly (number | null)[]): Spread {
  const measured = values.filter((value) => value !== null);
  if (measured.length === 0) return { median: null, min: null, max: null };
  return { median: median(measured), min: Math.min(...measured), max: Math.max(...measured) };
}

/** The rounds of a row that ran to their end, in the order of their numbers. */
export function completedRuns(row: Pick<ReportRow, 'rounds'>): CompletedRun[] {
  return row.rounds.filter((run) => run.state === 'completed').sort((a, b) => a.round - b.round);
}

/**
 * ln(a / b) within each round that both rows completed, in order of rounds: what the two share in a round (the
 * machine's mood) cancels out. Rounds where either figure is missing or not above 0 have no ratio.
 */
export function pairedLogRatios(
  a: Pick<ReportRow, 'rounds'>,
  b: Pick<ReportRow, 'rounds'>,
  figure: RunFigure,
): number[] {
  const ofB = new Map(completedRuns(b).map((run) => [run.round, figure(run)]));
  return completedRuns(a).flatMap((run) => {
    const left = figure(run);
    const right = ofB.get(run.round) ?? null;
    return left !== null && right !== null && left > 0 && right > 0 ? [Math.log(left / right)] : [];
  });
}

/**
 * Whether paired log ratios tell two rows apart: at least `MIN_PAIRS` of them, all on the same side of 0, and the one
 * nearest to 0 still beyond `minEffect`. Stricter than a test of the median, because a few rounds carry no other
 * evidence than that they agree.
 */
export function separates(logRatios: readonly number[], minEffect: number = MIN_EFFECT): boolean {
  if (logRatios.length < MIN_PAIRS) return false;
  const margin = Math.log(1 + minEffect);
  return logRatios.every((ratio) => ratio > margin) || logRatios.every((ratio) => ratio < -margin);
}
