import { UsageError } from '../errors.js';
import { MIN_WAITS_PER_WINDOW } from './limits.js';
import { type Machine, makePlan } from './plan.js';
import type { Plan, Row, Scenario, Workload } from './scenario.js';
import { shuffled, stageScenario } from './stages.js';
import { spellValue, type Variable, type Vary } from './vary.js';

/** Rows at one value of what is varied. */
export interface SweepStage {
  readonly value: number;
  /** `confirm`: at a crossing that the others have led to. */
  readonly use: 'sweep' | 'confirm';
  /** Index into `SweepPlan.rows` of each row of `plan`. */
  readonly rows: readonly number[];
  readonly plan: Plan;
}

export interface SweepPlan {
  readonly scenario: Scenario;
  readonly rows: readonly Row[];
  readonly vary: Vary;
  /** Of each row, whether the value makes a difference to it; only rows that poll follow an interval. */
  readonly follows: readonly boolean[];
  readonly stages: readonly SweepStage[];
  readonly estimatedMs: number;
  /** Rows at a value that the plan does not have, each once a round. Stages are counted on from those of the plan. */
  stagesAt(value: number, rows: readonly number[], before: number): readonly SweepStage[];
}

export interface SweepPlanOptions {
  readonly scenario: Scenario;
  readonly rows: readonly Row[];
  readonly vary: Vary;
  readonly machine: Machine;
  /** `null`: as long as it takes to warm up by count. */
  readonly warmupMs: number | null;
  /** A row that polls once in `ms`; the row itself where it does not poll at a fixed interval (`pacedTo`). */
  readonly repace: (row: Row, ms: number) => Row;
}

/** Rounds of the runs at a crossing: both rows once in each, in an order of its own. */
const CONFIRM_ROUNDS = 3;

/** Messages that a window has at least; a rate of one a minute makes it longer. */
const LEAST_PUBLISHES = 5;

/**
 * Each value once a round, in an order drawn from the seed. Pure.
 *
 * @throws UsageError with every reason why a value cannot be carried, naming the value.
 */
export function makeSweepPlan(options: SweepPlanOptions): SweepPlan {
  const { scenario, rows, vary, repace } = options;
  const { variable, values } = vary;
  const follows = rows.map((row) => variable !== 'interval' || values.some((ms) => repace(row, ms) !== row));
  if (!follows.includes(true)) {
    throw new UsageError('--vary: interval is for rows that poll at one, and there are none: name one with -t');
  }
  const all = rows.map((_, index) => index);
  const stages: SweepStage[] = [];
  const problems: string[] = [];
  const ordered = shuffled(Array.from({ length: scenario.rounds }, () => values).flat(), scenario.seed);
  for (const value of ordered) {
    try {
      stages.push(stageAt(options, { value, use: 'sweep', rows: all, index: stages.length }));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(...error.problems.map((problem) => `at ${variable}=${spellValue(variable, value)}: ${problem}`));
    }
  }
  if (problems.length > 0) throw new UsageError([...new Set(problems)]);
  return {
    scenario,
    rows,
    vary,
    follows,
    stages,
    estimatedMs: stages.reduce((sum, { plan }) => sum + plan.estimatedMs, 0),
    stagesAt: (value, some, before) =>
      Array.from({ length: CONFIRM_ROUNDS }, (_, round) =>
        stageAt(options, { value, use: 'confirm', rows: some, index: stages.length + before + round }),
      ),
  };
}

function stageAt(
  { scenario, rows, vary, machine, warmupMs, repace }: SweepPlanOptions,
  { value, use, rows: some, index }: Omit<SweepStage, 'plan'> & { readonly index: number },
): SweepStage {
  const { variable } = vary;
  const here = some
    .flatMap((row) => rows[row] ?? [])
    .map((row) => (variable === 'interval' ? repace(row, value) : row));
  const workload = { ...scenario.workload, ...changesFor(variable, value) };
  const durationMs = Math.max(
    workload.durationMs,
    Math.ceil((1_000 * LEAST_PUBLISHES) / workload.ratePerSecond),
    MIN_WAITS_PER_WINDOW * Math.max(0, ...here.map(({ worstWaitMs }) => worstWaitMs)),
  );
  const stage = stageScenario(scenario, { workload: { ...workload, durationMs }, index, warmupMs });
  return { value, use, rows: some, plan: makePlan(stage, here, machine) };
}

function changesFor(variable: Variable, value: number): Partial<Workload> {
  if (variable === 'clients') return { clients: value };
  if (variable === 'rate') return { ratePerSecond: value };
  return variable === 'size' ? { sizeBytes: value } : {};
}
