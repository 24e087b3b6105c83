import type { CapacityPlan, TrialKind } from '../../scenario/capacity-plan.js';
import type { NotMeasured } from '../not-measured.js';
import type { ReportParts } from '../report.js';
import { identityOf } from '../rows.js';
import type { RunResult } from '../schema.js';
import { standingOfRun } from '../soundness.js';
import { CAPACITY_SCHEMA_VERSION, type CapacityReport, type CapacityRow, type CapacityTrialRecord } from './schema.js';
import { bracketOf, type SearchTrial } from './search.js';
import { judgeTrial } from './trial.js';

/** One run of a search. */
export interface CapacityTrial {
  readonly level: number;
  readonly kind: TrialKind;
  readonly durationMs: number;
  readonly result: RunResult;
}

/** How the search of one row went. */
export interface CapacitySearch {
  /** `null`: it has not come to an end. */
  readonly ended: 'found' | 'limit' | 'none' | 'budget' | null;
  readonly trials: readonly CapacityTrial[];
}

export interface CapacityParts extends Omit<ReportParts, 'rows' | 'endedBy' | 'scenario'> {
  readonly plan: CapacityPlan;
  /** Of each row, as far as they have come. */
  readonly searches: readonly CapacitySearch[];
}

/** The report that `capacity.json` holds. */
export function buildCapacityReport({ plan, searches, startedAt, ...parts }: CapacityParts): CapacityReport {
  const { scenario, find, objective, start, within, budgetMs, rows } = plan;
  return {
    schemaVersion: CAPACITY_SCHEMA_VERSION,
    kind: 'capacity',
    ...parts,
    tool: { ...parts.tool },
    startedAt: startedAt.toISOString(),
    scenario: { ...scenario, workload: { ...scenario.workload } },
    find,
    objective: { p99Ms: objective.p99Ms, deliveredShare: 1 },
    start,
    within,
    budgetMs,
    transports: rows.map((_, index) => capacityRow(index, plan, searches[index] ?? { ended: null, trials: [] })),
  };
}

/** What the search goes by: trials that an interruption cut short say nothing. */
export function searchTrials(
  trials: readonly CapacityTrial[],
  { objective }: Pick<CapacityPlan, 'objective'>,
): SearchTrial[] {
  return trials.flatMap(({ level, kind, result }) => {
    const { outcome } = judgeTrial(result, 1_000 * objective.p99Ms);
    return outcome === null ? [] : [{ level, kind, outcome }];
  });
}

function capacityRow(index: number, plan: CapacityPlan, { ended, trials }: CapacitySearch): CapacityRow {
  const row = plan.rows[index];
  const ceiling = plan.ceilings[index];
  if (!row || !ceiling) throw new Error(`there is no row ${index}`);
  const bracket = bracketOf(searchTrials(trials, plan));
  const records = trials.map((trial) => recordOf(trial, 1_000 * plan.objective.p99Ms));
  const notMeasured: NotMeasured = {};
  const state = ended ?? 'interrupted';
  if (bracket.pass === null) notMeasured.pass = state === 'none' ? 'no level passed' : 'no level had passed yet';
  if (bracket.fail === null) {
    notMeasured.fail = state === 'limit' ? 'the highest level that may be tried passed' : 'no level had failed yet';
    notMeasured.failedBy = notMeasured.fail;
  }
  const failed = records.filter(({ level, outcome }) => level === bracket.fail && outcome === bracket.failedBy);
  return {
    ...identityOf(row),
    state,
    ...bracket,
    failReasons: [...new Set(failed.flatMap(({ reasons }) => reasons))],
    ceiling: { ...ceiling },
    notMeasured,
    trials: records,
  };
}

function recordOf({ level, kind, durationMs, result }: CapacityTrial, p99LimitUs: number): CapacityTrialRecord {
  const { outcome, reasons } = judgeTrial(result, p99LimitUs);
  const { state, verdict } = standingOfRun(result);
  const completed = result.state === 'completed' ? result : null;
  const figures = {
    'latencyUs.p50': completed?.latencyUs.p50 ?? null,
    'latencyUs.p99': completed?.latencyUs.p99 ?? null,
    serverCpuShare: completed?.server.cpuShare ?? null,
    'machine.busyShare': completed?.machine.busyShare ?? null,
    'generator.eventLoopUtilization': completed?.generator.eventLoopUtilization ?? null,
  };
  const notMeasured: NotMeasured = {};
  if (outcome === null) notMeasured.outcome = 'interrupted';
  if (verdict === null) notMeasured.verdict = `the run was ${state}`;
  for (const [path, value] of Object.entries(figures)) {
    if (value !== null) continue;
    const [group] = path.split('.');
    const why = completed?.notMeasured[path] ?? completed?.notMeasured[group ?? ''];
    notMeasured[PLACES[path] ?? path] = why ?? (completed ? 'not measured' : `the run was ${state}`);
  }
  return {
    level,
    kind,
    outcome,
    reasons: [...reasons],
    state,
    verdict,
    durationMs,
    latencyUs: { p50: figures['latencyUs.p50'], p99: figures['latencyUs.p99'] },
    serverCpuShare: figures.serverCpuShare,
    machineBusyShare: figures['machine.busyShare'],
    generatorUtilization: figures['generator.eventLoopUtilization'],
    notMeasured,
  };
}

/** Where a figure of a run stands in a record, where that is another place. */
const PLACES: Readonly<Record<string, string>> = {
  'machine.busyShare': 'machineBusyShare',
  'generator.eventLoopUtilization': 'generatorUtilization',
};
