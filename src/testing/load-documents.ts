import { CAPACITY_SCHEMA_VERSION, type CapacityReport, type CapacityRow } from '../report/capacity/schema.js';
import type { Report, ReportRow } from '../report/schema.js';
import { SWEEP_SCHEMA_VERSION, type SweepReport, type SweepRow } from '../report/sweep/schema.js';

/** By the label of a row. */
type Of<Value> = Readonly<Record<string, Value>>;

const identity = ({ transport, label, group, deliveredBy, inProcess, settings }: ReportRow) => ({
  transport,
  label,
  group,
  deliveredBy,
  inProcess,
  settings,
});

const origin = ({ tool, startedAt, durationMs, scenario, environment, interrupted }: Report) => ({
  tool,
  startedAt,
  durationMs,
  scenario,
  environment,
  interrupted,
});

/** A search on the machine and at the load of a report, of those of its rows that have bounds here. */
export function capacityOf(report: Report, bounds: Of<Partial<CapacityRow>>): CapacityReport {
  return {
    schemaVersion: CAPACITY_SCHEMA_VERSION,
    kind: 'capacity',
    ...origin(report),
    command: 'rtbench capacity',
    find: 'clients',
    objective: { p99Ms: 200, deliveredShare: 1 },
    start: 100,
    within: 0.1,
    budgetMs: 60_000,
    transports: report.transports.flatMap((row): CapacityRow[] => {
      const known = bounds[row.label];
      if (known === undefined) return [];
      return [
        {
          ...identity(row),
          state: 'found',
          pass: null,
          fail: null,
          failedBy: known.fail == null ? null : 'latency',
          failReasons: known.fail == null ? [] : ['p99 300 ms, above 200 ms'],
          confirmed: known.pass != null,
          ceiling: { level: 20_000, limit: 'open files' },
          notMeasured: {},
          trials: [],
          ...known,
        },
      ];
    }),
  };
}

/** A sweep over clients, likewise: µs of server CPU a second that a client more takes, with its standard error. */
export function sweepOf(report: Report, slopes: Of<readonly [us: number, errorUs: number]>): SweepReport {
  return {
    schemaVersion: SWEEP_SCHEMA_VERSION,
    kind: 'sweep',
    ...origin(report),
    command: 'rtbench sweep',
    planned: 30,
    vary: { variable: 'clients', values: [25, 50, 100, 200, 400] },
    crossings: [],
    transports: report.transports.flatMap((row): SweepRow[] => {
      const slope = slopes[row.label];
      if (slope === undefined) return [];
      const [growing, growingStandardError] = slope;
      const curve = { fixed: 1_000, fixedStandardError: 10, growing, growingStandardError, measurements: 10 };
      const fit = { typicalMissShare: 0.02, largestMiss: { value: 25, share: 0.05 }, linear: true };
      const serverCpu = { exponent: 0.9, standardError: 0.02, measurements: 10 };
      return [
        {
          ...identity(row),
          follows: true,
          curves: { serverCpu: { ...curve, ...fit }, bytes: null },
          growth: { serverCpu, serverCpuPerDelivery: null, bytes: null, latencyP50: null, latencyP99: null },
          memoryPerClient: null,
          notMeasured: {},
          measurements: [],
        },
      ];
    }),
  };
}
