import type { CompletedRow, ReportRow } from './schema.js';
import { completedRuns } from './statistics.js';

/**
 * How a row's p99 stands to the delay its user tolerates: `within` it in every round, `over` it in every round,
 * `borderline` when the rounds disagree, `unknown` when there is no p99 to judge by.
 */
export type Tolerance = 'within' | 'borderline' | 'over' | 'unknown';

/** Judges by the p99 of each round; where none has one, by that of the merged rounds. */
export function toleranceOf(row: CompletedRow, toleratesMs: number): Tolerance {
  if (!hasPercentiles(row)) return 'unknown';
  const toleratedUs = toleratesMs * 1_000;
  const ofRounds = completedRuns(row).flatMap((run) => run.latencyUs.p99 ?? []);
  const p99s = ofRounds.length > 0 ? ofRounds : [row.latencyUs.p99].filter((value) => value !== null);
  if (p99s.length === 0) {
    const { p50 } = row.latencyUs;
    return p50 !== null && p50 > toleratedUs ? 'over' : 'unknown';
  }
  const within = p99s.filter((value) => value <= toleratedUs).length;
  if (within === p99s.length) return 'within';
  return within === 0 ? 'over' : 'borderline';
}

/** A server that cannot keep up has a backlog, so its percentiles only tell how long the run was. */
export function hasPercentiles(row: CompletedRow): boolean {
  return row.verdict !== 'saturated';
}

/** Whether a row may be compared with others: it was measured to the end, soundly, and is a technique. */
export function isRanked(row: ReportRow): row is CompletedRow {
  return row.state === 'completed' && (row.verdict === 'valid' || row.verdict === 'suspect') && row.group !== 'control';
}
