import { type OperatingPoint, spellPoint } from '../scenario/cost-plan.js';
import type { Row } from '../scenario/scenario.js';
import type { CostLoad } from './cost-load.js';
import { type CostFit, type CostObservation, type CostTerm, fitCost, predictCpu } from './cost-model.js';
import { COST_SCHEMA_VERSION, type CostMeasurement, type CostReport, type CostRow } from './cost-schema.js';
import { memorySlope } from './memory-slope.js';
import type { NotMeasured } from './not-measured.js';
import type { ReportParts } from './report.js';
import { identityOf } from './rows.js';
import type { RunResult } from './schema.js';
import { isSound, standingOfRun } from './soundness.js';

/** One run of the cost command. `load` is null where the run did not get so far. */
export interface CostRun {
  /** Index of its row. */
  readonly row: number;
  readonly point: OperatingPoint;
  readonly warmupMs: number;
  /** `Row.worstWaitMs` at this point. */
  readonly waitMs: number;
  readonly use: 'fit' | 'check';
  readonly result: RunResult;
  readonly load: CostLoad | null;
  /** Unreclaimable kernel memory of the machine, over the connecting of all clients; null: the system does not tell. */
  readonly kernelGrownBytes: number | null;
}

export interface CostParts extends Omit<ReportParts, 'rows' | 'endedBy'> {
  readonly rows: readonly Row[];
  readonly points: readonly OperatingPoint[];
  readonly planned: number;
  readonly runs: readonly CostRun[];
}

/** The report that `cost.json` holds. */
export function buildCostReport({ rows, points, planned, runs, startedAt, scenario, ...parts }: CostParts): CostReport {
  return {
    schemaVersion: COST_SCHEMA_VERSION,
    kind: 'cost',
    ...parts,
    tool: { ...parts.tool },
    startedAt: startedAt.toISOString(),
    scenario: { ...scenario, workload: { ...scenario.workload } },
    planned,
    points: points.map((point) => ({ ...point })),
    transports: rows.map((row, index) =>
      costRow(
        row,
        runs.filter((run) => run.row === index),
      ),
    ),
  };
}

function costRow(row: Row, runs: readonly CostRun[]): CostRow {
  const fit = fitCost(runs.filter((run) => run.use === 'fit').flatMap(observationOf));
  const fitted = typeof fit === 'string' ? null : fit;
  const notMeasured: NotMeasured = typeof fit === 'string' ? { cpu: fit } : {};
  for (const [term, why] of Object.entries(fitted?.left ?? {})) notMeasured[`cpu.${KEYS[term as CostTerm]}`] = why;
  const take = (path: string, slope: CostRow['memoryPerClient'] | string) => {
    if (typeof slope !== 'string') return slope;
    notMeasured[path] = slope;
    return null;
  };
  const memoryPerClient = take(
    'memoryPerClient',
    slopeOf(runs, ({ load }) => load?.serverGrownBytes ?? null),
  );
  const kernelMemoryPerClient = take(
    'kernelMemoryPerClient',
    runs.some(({ load, kernelGrownBytes }) => load !== null && kernelGrownBytes === null)
      ? NO_KERNEL
      : slopeOf(runs, ({ load, kernelGrownBytes }) => (load === null ? null : kernelGrownBytes)),
  );
  const check = checkOf(fitted, runs);
  if (check === null) {
    notMeasured.check = fitted ? "no sound run at the scenario's own load" : 'there is no model to hold against it';
  }
  return {
    ...identityOf(row),
    cpu: fitted && cpuOf(fitted),
    memoryPerClient,
    kernelMemoryPerClient,
    check,
    notMeasured,
    measurements: runs.map((run) => measurementOf(run, fitted)),
  };
}

const KEYS = {
  client: 'perClient',
  publish: 'perPublish',
  delivery: 'perDelivery',
  poll: 'perPoll',
} as const satisfies Record<CostTerm, keyof NonNullable<CostRow['cpu']>>;

const NO_KERNEL = 'this system does not tell what its kernel holds (/proc/meminfo)';

function cpuOf({ terms, predicted, typicalMiss, largestMiss, linear }: CostFit): NonNullable<CostRow['cpu']> {
  return {
    perClient: terms.client ?? null,
    perPublish: terms.publish ?? null,
    perDelivery: terms.delivery ?? null,
    perPoll: terms.poll ?? null,
    measurements: predicted.length,
    typicalMissShare: typicalMiss,
    largestMiss,
    linear,
  };
}

function observationOf(run: CostRun): CostObservation[] {
  const { point, load } = run;
  if (load === null || !isSound(run.result) || load.cpuUsPerSecond <= 0) return [];
  return [{ point: spellPoint(point), amounts: amountsOf(load), cpuUsPerSecond: load.cpuUsPerSecond }];
}

function amountsOf(load: CostLoad): CostObservation['amounts'] {
  return {
    client: load.clients,
    publish: load.publishesPerSecond,
    delivery: load.deliveriesPerSecond,
    poll: load.pollsPerSecond,
  };
}

/** Over every run that connected its clients, sound or not: what its window was like does not matter here. */
function slopeOf(runs: readonly CostRun[], grownBytes: (run: CostRun) => number | null) {
  return memorySlope(runs.map((run) => ({ clients: run.point.clients, grownBytes: grownBytes(run) })));
}

/** Means over the rounds. */
function checkOf(fit: CostFit | null, runs: readonly CostRun[]): CostRow['check'] {
  const checks = runs.filter(({ use }) => use === 'check').flatMap(observationOf);
  if (fit === null || checks.length === 0) return null;
  const mean = (value: (check: CostObservation) => number) =>
    checks.reduce((sum, check) => sum + value(check), 0) / checks.length;
  return {
    predictedCpuShare: mean(({ amounts }) => predictCpu(fit.terms, amounts)) / 1_000_000,
    measuredCpuShare: mean(({ cpuUsPerSecond }) => cpuUsPerSecond) / 1_000_000,
  };
}

function measurementOf(run: CostRun, fit: CostFit | null): CostMeasurement {
  const { point, warmupMs, waitMs, use, result, load, kernelGrownBytes } = run;
  const why = result.state === 'completed' ? 'the run did not get so far' : `the run was ${result.state}`;
  return {
    ...point,
    warmupMs,
    waitMs,
    use: isSound(result) ? use : 'none',
    ...standingOfRun(result),
    perSecond: {
      publishes: load?.publishesPerSecond ?? null,
      deliveries: load?.deliveriesPerSecond ?? null,
      polls: load?.pollsPerSecond ?? null,
    },
    serverCpuUsPerSecond: load?.cpuUsPerSecond ?? null,
    predictedCpuUsPerSecond: fit && load && predictCpu(fit.terms, amountsOf(load)),
    machineBusyUsPerSecond: load?.machineBusyUsPerSecond ?? null,
    serverGrownBytes: load?.serverGrownBytes ?? null,
    kernelGrownBytes: load && kernelGrownBytes,
    notMeasured: {
      ...(result.state === 'completed' ? {} : { verdict: why }),
      ...(load === null
        ? {
            perSecond: why,
            serverCpuUsPerSecond: why,
            machineBusyUsPerSecond: why,
            serverGrownBytes: why,
            kernelGrownBytes: why,
          }
        : {
            ...(load.machineBusyUsPerSecond === null ? { machineBusyUsPerSecond: NO_MACHINE } : {}),
            ...(kernelGrownBytes === null ? { kernelGrownBytes: NO_KERNEL } : {}),
          }),
      ...(fit && load ? {} : { predictedCpuUsPerSecond: load ? 'there is no model to predict with' : why }),
    },
  };
}

const NO_MACHINE = 'this system does not tell what the whole machine does (/proc/stat)';
