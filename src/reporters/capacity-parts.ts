import type { CapacityReport, CapacityRow } from '../report/capacity/schema.js';
import { bracketInWords, endInWords, formatLevel } from '../report/capacity/wording.js';
import { latencyMs, plainFigure } from '../report/wording.js';
import { type ChartSize, renderChart } from './chart.js';
import { NO_FIGURE } from './columns.js';
import { tickMs } from './log-axis.js';

export interface CapacityColumn {
  readonly title: string;
  readonly width: number;
  readonly cell: (row: CapacityRow) => string;
}

/** A line a technique, the answer first. */
export function capacityColumns({ find }: CapacityReport): readonly CapacityColumn[] {
  return [
    {
      title: find === 'clients' ? 'most clients' : 'highest rate',
      width: 12,
      cell: ({ pass }) => (pass === null ? NO_FIGURE : formatLevel(find, pass)),
    },
    { title: 'bracket', width: 18, cell: (row) => bracketInWords(row, find) },
    { title: 'stopped by', width: 16, cell: endInWords },
    { title: 'p99 there, ms', width: 8, cell: (row) => atPass(row, ({ latencyUs }) => latencyUs.p99, latencyMs) },
    {
      title: 'server CPU, % of a core',
      width: 10,
      cell: (row) => atPass(row, ({ serverCpuShare }) => serverCpuShare && 100 * serverCpuShare, plainFigure),
    },
    { title: 'trials', width: 6, cell: ({ trials }) => String(trials.length) },
  ];
}

/** Of the latest run at the level that passed: the long one, where it came to that. */
function atPass(
  { pass, trials }: CapacityRow,
  figure: (trial: CapacityRow['trials'][number]) => number | null,
  format: (value: number) => string,
): string {
  const last = trials.findLast(({ level, outcome }) => level === pass && outcome === 'pass');
  const value = last ? figure(last) : null;
  return value === null ? NO_FIGURE : format(value);
}

/** p99 of every trial that says something of it, against its level: those of a disturbed run say nothing. */
export function capacityChart({ find, objective, transports }: CapacityReport, size: ChartSize): string[] {
  return renderChart(
    {
      x: { title: find === 'clients' ? 'clients' : 'messages a second', format: (level) => formatLevel(find, level) },
      y: { title: 'latency p99, ms', format: tickMs },
      series: transports.map(({ label, trials }) => ({
        label,
        points: trials.flatMap(({ level, outcome, latencyUs: { p99 } }) =>
          p99 === null || (outcome !== 'pass' && outcome !== 'latency') ? [] : [{ x: level, y: p99 }],
        ),
      })),
      line: { y: 1_000 * objective.p99Ms, label: 'the objective' },
      connected: false,
    },
    size,
  );
}
