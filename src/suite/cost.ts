import type { CostRun } from '../report/cost.js';
import type { CostPlan, CostStage } from '../scenario/cost-plan.js';
import type { SuiteEvent } from './events.js';
import { measureStages, type StageRun, type StagesOptions } from './stages.js';

export interface CostOptions extends Pick<StagesOptions<CostStage>, 'signal' | 'pinned' | 'identity' | 'carryOut'> {
  readonly plan: CostPlan;
  readonly onEvent: (event: SuiteEvent) => void;
  /** Called after each run with all runs so far, to save them; waited for. */
  readonly onRun: (runs: readonly CostRun[]) => Promise<void>;
}

/** Carries out the stages of a cost plan; stops after the run that an abort ends. */
export async function measureCost({ plan, onRun, ...options }: CostOptions): Promise<readonly CostRun[]> {
  const { stages } = plan;
  const runs = await measureStages({ ...options, stages, onRun: (soFar) => onRun(soFar.map(costRunOf)) });
  return runs.map(costRunOf);
}

function costRunOf({ stage: { point, use, plan }, row, ...measured }: StageRun<CostStage>): CostRun {
  return {
    ...measured,
    row,
    point,
    use,
    warmupMs: plan.scenario.workload.warmupMs,
    waitMs: plan.rows[row]?.worstWaitMs ?? 0,
  };
}
