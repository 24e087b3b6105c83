import { isPrecise } from '../report/precision.js';
import { reportRow } from '../report/rows.js';
import type { EndedBy, RunResult } from '../report/schema.js';
import { MIN_AUTO_ROUNDS } from '../scenario/limits.js';
import type { Plan, PlannedRun } from '../scenario/scenario.js';

export interface SuiteState {
  readonly plan: Plan;
  /** Of each row of the plan. */
  readonly results: readonly (readonly RunResult[])[];
  /** Time since the suite began. */
  readonly atMs: number;
}

/**
 * Why a run is not to be started although the plan has it; `null`: start it. Only `rounds: auto` ends before its plan
 * does, and only between two rounds: when the figures are precise enough, or when one more round, as long as those before
 * it, would not end within the budget.
 */
export function endBefore(run: PlannedRun, { plan, results, atMs }: SuiteState): EndedBy | null {
  const { auto } = plan.scenario;
  if (auto === null || run.round < MIN_AUTO_ROUNDS || run.index % plan.rows.length !== 0) return null;
  if (isPrecise(rowsSoFar(plan, results))) return 'precision';
  return atMs * (1 + 1 / run.round) > auto.budgetMs ? 'budget' : null;
}

/** Why a suite has ended that has carried out every run of its plan: with `rounds: auto` the plan fills the budget. */
export function endAfterAll(plan: Plan, results: SuiteState['results']): EndedBy {
  if (plan.scenario.auto === null) return 'rounds';
  return isPrecise(rowsSoFar(plan, results)) ? 'precision' : 'budget';
}

/** Without those that were skipped, which no round makes more precise. */
function rowsSoFar({ rows }: Plan, results: SuiteState['results']) {
  return rows.flatMap((row, index) => {
    const own = results[index] ?? [];
    return own.at(-1)?.state === 'aborted' ? [] : [reportRow(row, own, own.length)];
  });
}
