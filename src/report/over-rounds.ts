import type { CompletedRun } from './schema.js';
import { type RunFigure, spreadOf } from './statistics.js';

/** Completed rounds of a row, at least one. */
export type Runs = readonly [CompletedRun, ...CompletedRun[]];

/** Sum of a count. */
export function total(runs: Runs, count: (run: CompletedRun) => number): number {
  return runs.reduce((sum, run) => sum + count(run), 0);
}

/** Sum of a figure; `null` where a round lacks it. */
export function totalOrNull(runs: Runs, figure: RunFigure): number | null {
  const figures = runs.map(figure).filter((value) => value !== null);
  return figures.length < runs.length ? null : figures.reduce((sum, value) => sum + value, 0);
}

/** Median of the rounds that have the figure. */
export function middle(runs: Runs, figure: RunFigure): number | null {
  return spreadOf(runs.map(figure)).median;
}

/** Mean weighted by the deliveries of each round, as a ratio of sums would be. */
export function perDelivery(runs: Runs, figure: RunFigure): number | null {
  return weighted(runs, figure, (run) => run.delivery.delivered);
}

/** Weighted mean of the rounds that have the figure. */
export function weighted(runs: Runs, figure: RunFigure, weight: (run: CompletedRun) => number): number | null {
  let sum = 0;
  let weights = 0;
  for (const run of runs) {
    const value = figure(run);
    if (value === null) continue;
    sum += value * weight(run);
    weights += weight(run);
  }
  return weights === 0 ? null : sum / weights;
}
