import { createHash } from 'node:crypto';
import type { Baseline } from './baseline/schema.js';
import { COMPARED_FIGURES } from './compare/figures.js';
import { figureAt } from './expectations.js';
import type { Environment, Report, ReportRow } from './schema.js';

/** One figure of one row at one time: a line of a history. */
export interface HistoryPoint {
  /** ISO 8601. */
  readonly date: string;
  /** That was measured; `null`: not known. */
  readonly commit: string | null;
  /** The same for machines that figures may be compared of. */
  readonly machine: string;
  readonly tool: string;
  readonly node: string;
  readonly scenario: string;
  readonly transport: string;
  /** `deflate=true,ids=false`: every setting. */
  readonly settings: string;
  readonly label: string;
  /** Path of the figure in `result.json`, or what the bytes of the exact tier were for. */
  readonly path: string;
  /** In µs, ms, B, or what the path says; `null`: not measured. */
  readonly value: number | null;
  /** Of the row. */
  readonly verdict: string;
}

/** The columns, in their order. New ones are added at the end. */
export const HISTORY_COLUMNS = [
  'date',
  'commit',
  'machine',
  'tool',
  'node',
  'scenario',
  'transport',
  'settings',
  'label',
  'path',
  'value',
  'verdict',
] as const satisfies readonly (keyof HistoryPoint)[];

/** Of a run: what results are compared by, and every figure that there is a threshold for. Controls show the machine. */
export function historyOfReport(report: Report, commit: string | null): HistoryPoint[] {
  const { scenario, startedAt, tool, environment, transports } = report;
  const paths = new Set([...COMPARED_FIGURES, ...scenario.expect].map(({ path }) => path));
  const common = {
    ...{ date: startedAt, commit, machine: machineOf(environment), tool: tool.version },
    ...{ node: environment.node, scenario: scenario.name },
  };
  return transports.flatMap((row) =>
    [...paths].map((path) => ({
      ...common,
      ...identityOf(row),
      path,
      value: row.state === 'completed' ? figureAt(row, path) : null,
      verdict: row.state === 'completed' ? row.verdict : row.state,
    })),
  );
}

/** Of the exact tier: all bytes, which no machine changes. */
export function historyOfBaseline(
  measured: Baseline,
  environment: Environment,
  { date, commit }: Pick<HistoryPoint, 'date' | 'commit'>,
): HistoryPoint[] {
  const common = {
    ...{ date, commit, machine: machineOf(environment), tool: measured.tool.version },
    ...{ node: measured.node, scenario: 'exact' },
  };
  return measured.rows.flatMap((row) =>
    Object.entries(row.figures).flatMap(([figure, bytes]) =>
      (['down', 'up'] as const).map((direction) => ({
        ...common,
        ...identityOf(row),
        path: `${figure} ${direction}`,
        value: bytes[direction],
        verdict: 'valid',
      })),
    ),
  );
}

function identityOf({ transport, settings, label }: Pick<ReportRow, 'transport' | 'settings' | 'label'>) {
  const spelled = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  return { transport, settings: spelled.join(','), label };
}

/** Twelve digits of a hash over processor, cores, memory, its limit, system and network: no name, and no address. */
export function machineOf(environment: Environment): string {
  const { os, cpu, cores, memoryBytes, cgroupCpuMax, network } = environment;
  // Kernels report a few pages more or less from boot to boot.
  const memoryGib = Math.round(memoryBytes / 1_024 ** 3);
  const text = JSON.stringify([os, cpu, cores, memoryGib, cgroupCpuMax, network]);
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
