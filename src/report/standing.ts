import type { CompletedRow } from './schema.js';
import { completedRuns, pairedLogRatios, type RunFigure, separates, spreadOf } from './statistics.js';

/** A row with the median of one of its figures over its rounds. */
export interface Ranked {
  readonly row: CompletedRow;
  readonly median: number;
}

/** The row with the lowest median of a figure, and how every other row stands to it by paired rounds. */
export interface Standing {
  readonly lowest: Ranked;
  /** Rows that are higher in every pair of rounds, lowest first. */
  readonly higher: readonly Ranked[];
  /** Rows of which the rounds do not say whether they are higher, lowest first. */
  readonly level: readonly Ranked[];
}

/** `undefined` where no row has the figure. Rows without it are left out. */
export function standingBy(rows: readonly CompletedRow[], figure: RunFigure): Standing | undefined {
  const [lowest, ...others] = rankedBy(rows, figure);
  if (lowest === undefined) return undefined;
  const separated = new Set(others.filter(({ row }) => separates(pairedLogRatios(row, lowest.row, figure))));
  return {
    lowest,
    higher: others.filter((other) => separated.has(other)),
    level: others.filter((other) => !separated.has(other)),
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
