import { memorySlope } from '../memory-slope.js';
import type { NotMeasured } from '../not-measured.js';
import type { ReportParts } from '../report.js';
import { identityOf } from '../rows.js';
import { crossingsOf } from './crossings.js';
import type { Cost, Curve } from './curve.js';
import { growthOf } from './growth.js';
import { sweepMeasurement } from './measurement.js';
import { curveOf, type SweepOf, type SweepRun } from './runs.js';
import { SWEEP_SCHEMA_VERSION, type SweepMeasurement, type SweepReport, type SweepRow } from './schema.js';

export interface SweepParts extends Omit<ReportParts, 'rows' | 'endedBy'>, SweepOf {
  readonly planned: number;
  readonly runs: readonly SweepRun[];
}

/** The report that `sweep.json` holds. */
export function buildSweepReport({
  rows,
  vary,
  follows,
  planned,
  runs,
  startedAt,
  scenario,
  ...parts
}: SweepParts): SweepReport {
  return {
    schemaVersion: SWEEP_SCHEMA_VERSION,
    kind: 'sweep',
    ...parts,
    tool: { ...parts.tool },
    startedAt: startedAt.toISOString(),
    scenario: { ...scenario, workload: { ...scenario.workload } },
    planned,
    vary: { variable: vary.variable, values: [...vary.values] },
    transports: rows.map((_, index) => sweepRow(index, { rows, vary, follows }, runs)),
    crossings: crossingsOf({ rows, vary, follows }, runs),
  };
}

function sweepRow(index: number, of: SweepOf, allRuns: readonly SweepRun[]): SweepRow {
  const row = of.rows[index];
  if (!row) throw new Error(`there is no row ${index}`);
  const runs = allRuns.filter((run) => run.row === index);
  const measurements = runs.map(sweepMeasurement);
  const notMeasured: NotMeasured = {};
  const take = <Value extends object>(path: string, value: Value | string): Value | null => {
    if (typeof value !== 'string') return value;
    notMeasured[path] = value;
    return null;
  };
  const curve = (cost: Cost) => spellCurve(take(`curves.${cost}`, curveOf(index, cost, of, runs)));
  const growth = (path: string, figure: (one: SweepMeasurement) => number | null) =>
    take(
      `growth.${path}`,
      of.follows[index] === false
        ? `it has no ${of.vary.variable}`
        : growthOf(
            measurements.flatMap((one) => (one.use === 'sweep' ? [{ value: one.value, figure: figure(one) }] : [])),
          ),
    );
  const slope = memorySlope(runs.map(({ clients, load }) => ({ clients, grownBytes: load?.serverGrownBytes ?? null })));
  return {
    ...identityOf(row),
    follows: of.follows[index] ?? true,
    curves: { serverCpu: curve('serverCpu'), bytes: curve('bytes') },
    growth: {
      serverCpu: growth('serverCpu', ({ perSecond }) => perSecond.serverCpuUs),
      serverCpuPerDelivery: growth('serverCpuPerDelivery', ({ perDelivery }) => perDelivery.serverCpuUs),
      bytes: growth('bytes', ({ perSecond }) => perSecond.bytes),
      latencyP50: growth('latencyP50', ({ latencyUs }) => latencyUs.p50),
      latencyP99: growth('latencyP99', ({ latencyUs }) => latencyUs.p99),
    },
    memoryPerClient: take('memoryPerClient', slope),
    notMeasured,
    measurements,
  };
}

function spellCurve(curve: Curve | null): SweepRow['curves']['serverCpu'] {
  return (
    curve && {
      fixed: curve.fixed,
      fixedStandardError: Math.sqrt(curve.covariance.fixed),
      growing: curve.growing,
      growingStandardError: Math.sqrt(curve.covariance.growing),
      measurements: curve.measurements,
      typicalMissShare: curve.typicalMiss,
      largestMiss: { ...curve.largestMiss },
      linear: curve.linear,
    }
  );
}
