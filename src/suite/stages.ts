import { sampleKernelBytes } from '../metrics/kernel-memory.js';
import { type CostLoad, costLoadOf } from '../report/cost-load.js';
import type { RunResult } from '../report/schema.js';
import type { Plan } from '../scenario/scenario.js';
import type { SuiteEvent } from './events.js';
import { carryOut as carryOutInProcesses, type RunOptions } from './run.js';
import { runSuite, type SuiteOptions } from './suite.js';

/** A load at which rows are measured, each once. */
export interface Stage {
  /** Of one round. */
  readonly plan: Plan;
}

export interface StageRun<S extends Stage> {
  readonly stage: S;
  /** Index into the rows of the stage's plan. */
  readonly row: number;
  readonly result: RunResult;
  /** `null` where the run did not get so far. */
  readonly load: CostLoad | null;
  /** Unreclaimable kernel memory of the machine, over the connecting of all clients; null: the system does not tell. */
  readonly kernelGrownBytes: number | null;
}

export interface StagesOptions<S extends Stage>
  extends Pick<SuiteOptions, 'signal' | 'pinned' | 'identity' | 'carryOut'> {
  readonly stages: readonly S[];
  readonly onEvent: (event: SuiteEvent, stage: S) => void;
  /** Called after each run with all runs so far, to save them; waited for. */
  readonly onRun: (runs: readonly StageRun<S>[]) => Promise<void>;
}

/** Carries out the stages one after the other, each as a suite of its own; stops after the run that an abort ends. */
export async function measureStages<S extends Stage>(options: StagesOptions<S>): Promise<readonly StageRun<S>[]> {
  const { stages, signal, pinned, identity = null, onEvent, onRun } = options;
  const runs: StageRun<S>[] = [];
  for (const stage of stages) {
    if (signal.aborted) break;
    const scout = new Scout(options.carryOut ?? carryOutInProcesses);
    const before = [...runs];
    const runsWith = (results: Parameters<SuiteOptions['onResult']>[0]): StageRun<S>[] => [
      ...before,
      ...results.flatMap(([result], row) => (result ? [{ stage, row, result, ...scout.found(row) }] : [])),
    ];
    const results = await runSuite({
      plan: stage.plan,
      signal,
      pinned,
      wire: false,
      identity,
      onEvent: (event) => onEvent(event, stage),
      onResult: (soFar) => onRun(runsWith(soFar)),
      carryOut: scout.carryOut,
    });
    runs.splice(0, runs.length, ...runsWith(results));
  }
  return runs;
}

type Found = Pick<StageRun<Stage>, 'load' | 'kernelGrownBytes'>;

/** Carries out runs and keeps of each row what is not in its result; of a run done twice, the second. */
class Scout {
  readonly #found = new Map<number, Found>();
  readonly #carryOut: typeof carryOutInProcesses;

  constructor(carryOut: typeof carryOutInProcesses) {
    this.#carryOut = carryOut;
  }

  found(row: number): Found {
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
