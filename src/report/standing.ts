import { type Comparison, compareRows } from './comparison.js';
import type { CompletedRow } from './schema.js';
import { completedRuns, type RunFigure, spreadOf } from './statistics.js';

/** A row with the median of one of its figures over its rounds. */
export interface Ranked {
  readonly row: CompletedRow;
  readonly median: number;
}

/** A row and how it compares with the lowest. */
export interface Standee extends Ranked {
  readonly comparison: Comparison;
}

/** The row with the lowest median of a figure, and how every other row stands to it by paired rounds. */
export interface Standing {
  readonly lowest: Ranked;
  /** Rows that are higher, as `compareRows` has it, lowest first. */
  readonly higher: readonly Standee[];
  /** Rows of which the rounds do not say whether they are higher, lowest first. */
  readonly level: readonly Standee[];
}

/** `undefined` where no row has the figure. Rows without it are left out. */
export function standingBy(rows: readonly CompletedRow[], figure: RunFigure): Standing | undefined {
  const [lowest, ...others] = rankedBy(rows, figure);
  if (lowest === undefined) return undefined;
  const ranked = [lowest, ...others].map(({ row }) => row);
  const comparisons = new Map(
    compareRows(ranked, figure)
      .filter(({ a }) => a === lowest.row)
      .map((comparison) => [comparison.b, comparison]),
  );
  const standees = others.flatMap((other) => {
    const comparison = comparisons.get(other.row);
    return comparison === undefined ? [] : [{ ...other, comparison }];
  });
  return {
    lowest,
    higher: standees.filter(({ comparison }) => comparison.different && (comparison.ratio ?? 1) < 1),
    level: standees.filter(({ comparison }) => !comparison.different || (comparison.ratio ?? 1) >= 1),
  };
}

/** Rows by the median of a figure, lowest first; rows without it are left out. */
export function rankedBy(rows: readonly CompletedRow[], figure: RunFigure): Ranked[] {
  return rows
    .flatMap((row) => {
      const { median } = spreadOf(completedRuns(row).map(figure));
      return median === null ? [] : [{ row, median }];
    })
    .sort((a, b) => a.median - b.median);
}
