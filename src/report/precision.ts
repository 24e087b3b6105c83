import type { CompletedRow, Report, ReportRow } from './schema.js';

/** Half the width of an interval, as a share of its figure, at which `rounds: auto` is content: 5 %. */
export const PRECISION = 0.05;

export interface Precision {
  readonly row: CompletedRow;
  readonly name: 'p50' | 'p99';
  /** Half the width of the interval over the figure; infinite where there is no interval yet. */
  readonly halfWidth: number;
}

/**
 * The widest interval of p50 and p99 over all rows; `undefined` where no row has a latency. Rows that failed or have
 * none (saturated, too few polls in a window) are left out: more rounds would not give them one.
 */
export function leastPrecise(rows: readonly ReportRow[]): Precision | undefined {
  const all = rows.flatMap((row) =>
    row.state === 'completed' && row.latencyUs.p50 !== null
      ? (['p50', 'p99'] as const).map((name) => ({ row, name, halfWidth: halfWidth(row, name) }))
      : [],
  );
  return all.sort((a, b) => b.halfWidth - a.halfWidth)[0];
}

function halfWidth({ interval, latencyUs }: CompletedRow, name: 'p50' | 'p99'): number {
  const { low, high } = interval.latencyUs[name];
  const figure = latencyUs[name];
  return low === null || high === null || figure === null || figure <= 0
    ? Number.POSITIVE_INFINITY
    : (high - low) / 2 / figure;
}

/** Whether p50 and p99 of every row are within ±`PRECISION`. */
export function isPrecise(rows: readonly ReportRow[]): boolean {
  const least = leastPrecise(rows);
  return least !== undefined && least.halfWidth <= PRECISION;
}

/** Rounds that there were: those planned, or with `rounds: auto` those that were begun. */
export function roundsOf({ scenario, transports }: Pick<Report, 'scenario' | 'transports'>): number {
  if (scenario.auto === null) return scenario.rounds;
  return Math.max(0, ...transports.map((row) => row.rounds.length));
}
