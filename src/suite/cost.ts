import { sampleKernelBytes } from '../metrics/kernel-memory.js';
import type { CostRun } from '../report/cost.js';
import { costLoadOf } from '../report/cost-load.js';
import type { CostPlan } from '../scenario/cost-plan.js';
import type { SuiteEvent } from './events.js';
import { carryOut as carryOutInProcesses, type RunOptions } from './run.js';
import { runSuite, type SuiteOptions } from './suite.js';

export interface CostOptions extends Pick<SuiteOptions, 'signal' | 'pinned' | 'identity' | 'carryOut'> {
  readonly plan: CostPlan;
  readonly onEvent: (event: SuiteEvent) => void;
  /** Called after each run with all runs so far, to save them; waited for. */
  readonly onRun: (runs: readonly CostRun[]) => Promise<void>;
}

/** Carries out the stages one after the other, each as a suite of its own; stops after the run that an abort ends. */
export async function measureCost(options: CostOptions): Promise<readonly CostRun[]> {
  const { plan, signal, pinned, identity = null, onEvent, onRun } = options;
  const runs: CostRun[] = [];
  for (const { point, use, plan: stagePlan } of plan.stages) {
    if (signal.aborted) break;
    const scout = new Scout(options.carryOut ?? carryOutInProcesses);
    const before = [...runs];
    const runsWith = (results: Parameters<SuiteOptions['onResult']>[0]): CostRun[] => [
      ...before,
      ...results.flatMap(([result], row) =>
        result ? [{ ...stageOf(row), row, point, use, result, ...scout.found(row) }] : [],
      ),
    ];
    const stageOf = (row: number) => ({
      warmupMs: stagePlan.scenario.workload.warmupMs,
      waitMs: stagePlan.rows[row]?.worstWaitMs ?? 0,
    });
    const results = await runSuite({
      plan: stagePlan,
      signal,
      pinned,
      wire: false,
      identity,
      onEvent,
      onResult: (soFar) => onRun(runsWith(soFar)),
      carryOut: scout.carryOut,
    });
    runs.splice(0, runs.length, ...runsWith(results));
  }
  return runs;
}

/** Carries out runs and keeps of each row what is not in its result; of a run done twice, the second. */
class Scout {
  readonly #found = new Map<number, Pick<CostRun, 'load' | 'kernelGrownBytes'>>();
  readonly #carryOut: typeof carryOutInProcesses;

  constructor(carryOut: typeof carryOutInProcesses) {
    this.#carryOut = carryOut;
  }

  found(row: number): Pick<CostRun, 'load' | 'kernelGrownBytes'> {
    return this.#found.get(row) ?? { load: null, kernelGrownBytes: null };
  }

  readonly carryOut = (options: RunOptions) => {
    const { row } = options.run;
    let before: number | null = null;
    let kernelGrownBytes: number | null = null;
    this.#found.delete(row);
    return this.#carryOut({
      ...options,
      onStep: (step) => {
        if (step === 'connect') before = sampleKernelBytes();
        if (step === 'warmup') {
          const after = sampleKernelBytes();
          kernelGrownBytes = before === null || after === null ? null : after - before;
        }
        options.onStep(step);
      },
      onMeasured: (measurement) => this.#found.set(row, { load: costLoadOf(measurement), kernelGrownBytes }),
    });
  };
}
