import { crossingsToConfirm } from '../report/sweep/crossings.js';
import type { SweepRun } from '../report/sweep/runs.js';
import type { SweepPlan, SweepStage } from '../scenario/sweep-plan.js';
import type { SuiteEvent } from './events.js';
import { measureStages, type StageRun, type StagesOptions } from './stages.js';

export interface SweepOptions extends Pick<StagesOptions<SweepStage>, 'signal' | 'pinned' | 'identity' | 'carryOut'> {
  readonly plan: SweepPlan;
  /** Whether crossings are run, once the values of the plan have been. */
  readonly confirm: boolean;
  readonly onEvent: (event: SuiteEvent, stage: SweepStage) => void;
  /** Called before the stages at crossings. */
  readonly onConfirming: (stages: readonly SweepStage[]) => void;
  /** Called after each run with all runs so far, to save them; waited for. */
  readonly onRun: (runs: readonly SweepRun[]) => Promise<void>;
}

/** Carries out a sweep, then runs the rows whose costs cross, where they do; stops after the run that an abort ends. */
export async function measureSweep(options: SweepOptions): Promise<readonly SweepRun[]> {
  const { plan, confirm, signal, onConfirming } = options;
  const swept = await stagesOf(plan.stages, [], options);
  if (!confirm || signal.aborted) return swept;
  const stages: SweepStage[] = [];
  for (const { value, rows } of crossingsToConfirm(plan, swept)) {
    stages.push(...plan.stagesAt(value, rows, stages.length));
  }
  if (stages.length === 0) return swept;
  onConfirming(stages);
  return stagesOf(stages, swept, options);
}

async function stagesOf(
  stages: readonly SweepStage[],
  before: readonly SweepRun[],
  { onRun, ...options }: SweepOptions,
): Promise<readonly SweepRun[]> {
  const stagesBefore = new Set(before.map(({ stage }) => stage)).size;
  const all = (runs: readonly StageRun<SweepStage>[]) => [
    ...before,
    ...runs.map((run) => sweepRunOf(run, stagesBefore + stages.indexOf(run.stage))),
  ];
  return all(await measureStages({ ...options, stages, onRun: (soFar) => onRun(all(soFar)) }));
}

function sweepRunOf({ stage: of, row, result, load }: StageRun<SweepStage>, stage: number): SweepRun {
  const { value, use, rows, plan } = of;
  const { clients, warmupMs, durationMs } = plan.scenario.workload;
  return { row: rows[row] ?? row, value, use, stage, clients, warmupMs, durationMs, result, load };
}
