import { type CapacitySearch, type CapacityTrial, searchTrials } from '../report/capacity/capacity.js';
import { type Bracket, bracketOf, nextStep } from '../report/capacity/search.js';
import { type CapacityPlan, roundLevel, type TrialKind } from '../scenario/capacity-plan.js';
import { runSuite, type SuiteOptions } from './suite.js';

export interface CapacityOptions extends Pick<SuiteOptions, 'signal' | 'pinned' | 'identity' | 'carryOut'> {
  readonly plan: CapacityPlan;
  /** Called when a trial begins. */
  readonly onBegin: (begun: { readonly row: number; readonly level: number; readonly kind: TrialKind }) => void;
  /** Called after each trial with all searches so far, to save them; waited for. `leftMs`: of the budget. */
  readonly onTrial: (searches: readonly CapacitySearch[], latest: LatestTrial) => Promise<void>;
  /** ms on a clock that does not go back. */
  readonly nowMs?: () => number;
}

export interface LatestTrial extends CapacityTrial {
  readonly row: number;
  readonly bracket: Bracket;
  readonly leftMs: number;
}

/**
 * Searches one row after the other. What is left of the budget is shared by the rows to come in equal parts, and a trial
 * that would not end within a row's part is not begun. An abort ends it and keeps what was tried.
 */
export async function measureCapacity(options: CapacityOptions): Promise<readonly CapacitySearch[]> {
  const { plan, signal, pinned, identity = null, onBegin, onTrial, nowMs = () => performance.now() } = options;
  const searches: CapacitySearch[] = plan.rows.map(() => ({ ended: null, trials: [] }));
  const endMs = nowMs() + plan.budgetMs;
  let count = 0;
  for (const row of plan.rows.keys()) {
    const rowEndMs = nowMs() + (endMs - nowMs()) / (plan.rows.length - row);
    const settings = {
      start: plan.start,
      least: plan.least,
      most: plan.ceilings[row]?.level ?? plan.start,
      within: plan.within,
      round: (level: number) => roundLevel(plan.find, level),
    };
    let trials: readonly CapacityTrial[] = [];
    while (!signal.aborted) {
      const next = nextStep(settings, searchTrials(trials, plan));
      if (next.type === 'end') {
        searches[row] = { ended: next.state, trials };
        break;
      }
      const { type: kind, level } = next;
      const trialPlan = plan.trialOf(row, level, kind, count++);
      if (nowMs() + trialPlan.estimatedMs > rowEndMs) {
        searches[row] = { ended: 'budget', trials };
        break;
      }
      onBegin({ row, level, kind });
      const results = await runSuite({
        plan: trialPlan,
        signal,
        pinned,
        wire: false,
        identity,
        // Two of three agree here: what disturbed one run is outvoted.
        again: false,
        onEvent: () => {},
        onResult: async () => {},
        ...(options.carryOut ? { carryOut: options.carryOut } : {}),
      });
      const result = results[0]?.[0];
      if (result === undefined) break;
      const trial: CapacityTrial = { level, kind, durationMs: trialPlan.scenario.workload.durationMs, result };
      trials = [...trials, trial];
      searches[row] = { ended: null, trials };
      const bracket = bracketOf(searchTrials(trials, plan));
      await onTrial(searches, { ...trial, row, bracket, leftMs: Math.max(0, endMs - nowMs()) });
    }
    if (signal.aborted) break;
  }
  return searches;
}
