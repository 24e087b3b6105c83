import { UsageError } from '../errors.js';
import { parseRatePerSecond } from '../units.js';
import { type Machine, makePlan } from './plan.js';
import type { Plan, Row, Scenario, Workload } from './scenario.js';
import { shuffled, stageScenario } from './stages.js';

/** A load at which the server's CPU is measured. */
export interface OperatingPoint {
  readonly clients: number;
  readonly ratePerSecond: number;
}

/** Every row once at one point. */
export interface CostStage {
  readonly point: OperatingPoint;
  /** `check`: the scenario's own load, which the model does not see and is held against. */
  readonly use: 'fit' | 'check';
  /** How often rows that poll do so here, their own interval being 1: 2 is half as often. */
  readonly paceFactor: number;
  /** One round of the scenario at this point, with a seed of its own. */
  readonly plan: Plan;
}

export interface CostPlan {
  readonly scenario: Scenario;
  readonly rows: readonly Row[];
  readonly points: readonly OperatingPoint[];
  readonly stages: readonly CostStage[];
  readonly estimatedMs: number;
}

/**
 * Multiples of the scenario's clients and rate, around its own load: both vary, each within the other, so that the cost
 * of a client, a publish and a delivery can be told apart; three numbers of clients give memory a slope.
 */
const DEFAULT_POINTS = [
  [0.25, 2],
  [0.25, 4],
  [0.5, 1],
  [1, 2],
  [2, 0.25],
  [2, 1],
] as const;

/**
 * Polls of a fixed interval move in step with clients and could not be told from them, so that every other point has
 * half the interval.
 */
const PACE_FACTORS = [1, 0.5] as const;

export function defaultPoints({ clients, ratePerSecond }: Workload): readonly OperatingPoint[] {
  return DEFAULT_POINTS.map(([ofClients, ofRate]) => ({
    clients: Math.max(1, Math.round(clients * ofClients)),
    ratePerSecond: ratePerSecond * ofRate,
  }));
}

const ACCEPTED = 'clients x rate, such as 50x100/s, joined by commas';

/** `"25x50,100x200/s"`. @throws UsageError naming every part that is no point. */
export function parsePoints(text: string): readonly OperatingPoint[] {
  const problems: string[] = [];
  const points = new Map<string, OperatingPoint>();
  for (const part of text.split(',')) {
    const [, clients, rate] = /^\s*(\d+)\s*x\s*(\S+)\s*$/.exec(part) ?? [];
    const ratePerSecond = parseRatePerSecond(rate ?? '') ?? 0;
    if (Number(clients) > 0 && ratePerSecond > 0) {
      points.set(`${Number(clients)} ${ratePerSecond}`, { clients: Number(clients), ratePerSecond });
    } else problems.push(`--points: \`${part}\` is not ${ACCEPTED}`);
  }
  if (problems.length > 0) throw new UsageError(problems);
  return [...points.values()];
}

export interface CostPlanOptions {
  readonly scenario: Scenario;
  readonly rows: readonly Row[];
  readonly points: readonly OperatingPoint[];
  readonly machine: Machine;
  /** `null`: as long as it takes to warm up by count. */
  readonly warmupMs: number | null;
  /** A row that polls this much more seldom (`paced`). */
  readonly pace: (row: Row, factor: number) => Row;
}

/**
 * Each point and the scenario's own load once a round, in an order drawn from the seed, and each stage's rows in an
 * order of their own. Pure.
 *
 * @throws UsageError with every reason why a point cannot be carried, naming the point.
 */
export function makeCostPlan(options: CostPlanOptions): CostPlan {
  const { scenario, rows, points, machine, warmupMs, pace } = options;
  const { clients, ratePerSecond } = scenario.workload;
  const round: Omit<CostStage, 'plan'>[] = points.map((point, index) => ({
    point,
    use: 'fit',
    paceFactor: PACE_FACTORS[index % PACE_FACTORS.length] ?? 1,
  }));
  round.push({ point: { clients, ratePerSecond }, use: 'check', paceFactor: 1 });
  const ordered = Array.from({ length: scenario.rounds }, () => round).flat();
  const stages: CostStage[] = [];
  const problems: string[] = [];
  for (const stage of shuffled(ordered, scenario.seed)) {
    const here = stageScenario(scenario, { workload: stage.point, index: stages.length, warmupMs });
    try {
      const stageRows = rows.map((row) => pace(row, stage.paceFactor));
      stages.push({ ...stage, plan: makePlan(here, stageRows, machine) });
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(...error.problems.map((problem) => `at ${spellPoint(stage.point)}: ${problem}`));
    }
  }
  if (problems.length > 0) throw new UsageError([...new Set(problems)]);
  const estimatedMs = stages.reduce((sum, { plan }) => sum + plan.estimatedMs, 0);
  return { scenario, rows, points, stages, estimatedMs };
}

/** As `--points` reads it: `50x100/s`. */
export function spellPoint({ clients, ratePerSecond }: OperatingPoint): string {
  return `${clients}x${Number(ratePerSecond.toPrecision(6))}/s`;
}
