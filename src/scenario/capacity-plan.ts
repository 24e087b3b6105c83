import { UsageError } from '../errors.js';
import { formatCount } from '../units.js';
import { MAX_CLIENTS, MIN_WAITS_PER_WINDOW, PORTS_PER_ADDRESS } from './limits.js';
import { type Machine, makePlan } from './plan.js';
import type { Plan, Row, Scenario } from './scenario.js';
import { stageScenario } from './stages.js';

/** What is to be found: the most clients, or the most messages a second. */
export const FINDABLE = ['clients', 'rate'] as const;
export type Findable = (typeof FINDABLE)[number];

/** What a level must keep for the whole of its window: this p99, and every message delivered. */
export interface Objective {
  readonly p99Ms: number;
}

export interface CapacityRequest {
  readonly find: Findable;
  readonly objective: Objective;
  /** Share of the lower end by which the two ends of the answer may differ. */
  readonly within: number;
  /** Time for all rows together, ms. */
  readonly budgetMs: number;
}

export interface CapacityPlan extends CapacityRequest {
  readonly scenario: Scenario;
  readonly rows: readonly Row[];
  /** Where each search begins: the scenario's own load. */
  readonly start: number;
  readonly least: number;
  /** Of each row: the highest level that this machine lets one try, and what is in the way of more. */
  readonly ceilings: readonly Ceiling[];
  /** A run of one row at a level; `index`: counted over all trials. */
  trialOf(row: number, level: number, kind: TrialKind, index: number): Plan;
}

export type TrialKind = 'trial' | 'confirm';

export interface Ceiling {
  readonly level: number;
  readonly limit: string;
}

/** How many windows of a trial a confirming stage has. */
const CONFIRM_WINDOWS = 4;

/** Messages that a window has at least, so that there is a p99 in it (299), and one to spare. */
const PUBLISHES_FOR_P99 = 300;

/** Most messages a second that are tried: from there on it is the publisher that is measured. */
const MAX_RATE = 1_000_000;

const LEAST: Readonly<Record<Findable, number>> = { clients: 1, rate: 0.1 };

/**
 * Everything that is fixed before the search; what it tries depends on what it finds. Pure.
 *
 * @throws UsageError where not even the scenario's own load can be carried.
 */
export function makeCapacityPlan(
  scenario: Scenario,
  rows: readonly Row[],
  request: CapacityRequest,
  machine: Machine,
  warmupMs: number | null,
): CapacityPlan {
  const { find } = request;
  const trialOf: CapacityPlan['trialOf'] = (index, level, kind, count) => {
    const row = rows[index];
    if (!row) throw new Error(`there is no row ${index}`);
    const workload = {
      ...scenario.workload,
      ...(find === 'clients' ? { clients: level } : { ratePerSecond: level }),
    };
    const windowMs = Math.max(
      workload.durationMs,
      Math.ceil((1_000 * PUBLISHES_FOR_P99) / workload.ratePerSecond),
      MIN_WAITS_PER_WINDOW * row.worstWaitMs,
    );
    const durationMs = windowMs * (kind === 'confirm' ? CONFIRM_WINDOWS : 1);
    const stage = stageScenario(scenario, { workload: { ...workload, durationMs }, index: count, warmupMs });
    const plan = makePlan(stage, [row], machine);
    const problem = portProblem(plan, machine);
    if (problem !== undefined) throw new UsageError(problem);
    return plan;
  };
  const { workload } = scenario;
  const start = find === 'clients' ? workload.clients : workload.ratePerSecond;
  const ceilings = rows.map((_, row) => ceilingFor(find, start, (level) => trialOf(row, level, 'confirm', 0)));
  return { scenario, rows, ...request, start, least: Math.min(start, LEAST[find]), ceilings, trialOf };
}

/** To a level that can be tried. */
export function roundLevel(find: Findable, level: number): number {
  return find === 'clients' ? Math.max(1, Math.round(level)) : Number(level.toPrecision(3));
}

/** The highest level whose plan can be carried, and the first reason why the next cannot. */
function ceilingFor(find: Findable, start: number, planAt: (level: number) => Plan): Ceiling {
  const problemAt = (level: number): string | undefined => {
    try {
      planAt(level);
      return undefined;
    } catch (error) {
      if (error instanceof UsageError) return error.problems[0];
      throw error;
    }
  };
  // The scenario's own load is the user's: what is in its way is said as it is.
  planAt(start);
  const most = find === 'clients' ? MAX_CLIENTS : MAX_RATE;
  const noun = find === 'clients' ? 'clients are simulated' : 'messages a second are published';
  let high = Math.max(most, start);
  let limit = problemAt(high);
  if (limit === undefined) return { level: high, limit: `no more than ${formatCount(high)} ${noun}` };
  let low = start;
  while (high - low > Math.max(1, find === 'rate' ? low / 1_000 : 0)) {
    const middle = find === 'clients' ? Math.floor((low + high) / 2) : (low + high) / 2;
    const problem = problemAt(middle);
    if (problem === undefined) low = middle;
    else [high, limit] = [middle, problem];
  }
  return { level: roundDown(find, low), limit };
}

/** Three digits of a rate, never above it. */
function roundDown(find: Findable, level: number): number {
  const rounded = roundLevel(find, level);
  return rounded <= level ? rounded : roundLevel(find, level * 0.999);
}

function portProblem({ sockets, addresses }: Plan, { platform }: Machine): string | undefined {
  const ports = addresses.length * (platform === 'linux' ? PORTS_PER_ADDRESS.linux : PORTS_PER_ADDRESS.others);
  if (sockets <= ports) return undefined;
  return (
    `${formatCount(sockets)} sockets need more ports than the ${formatCount(ports)} that ${addresses.length} loopback ` +
    'address(es) have on this system: lower --clients'
  );
}
