import { median } from 'simple-statistics';
import { scaleFacts, titleOf } from '../report/scale-wording.js';
import type { SweepMeasurement, SweepReport, SweepRow } from '../report/sweep/schema.js';
import { axisTitle, exponentInWords, rangeInWords, variableNoun } from '../report/sweep/wording.js';
import { latencyMs, plainFigure } from '../report/wording.js';
import { formatValue } from '../scenario/vary.js';
import type { TechniqueLine } from './by-technique.js';
import { type ChartSize, renderChart } from './chart.js';
import { NO_FIGURE } from './columns.js';
import { tickMs } from './log-axis.js';
import { loadFacts } from './prose.js';

type Line = TechniqueLine<SweepRow>;
/** Of one run; `null`: not measured. */
export type SweepFigure = (one: SweepMeasurement) => number | null;

export function sweepTitle(report: SweepReport): string {
  return `${titleOf(report.scenario)}: latency and cost against the ${variableNoun(report)}`;
}

/** What was varied, and what was not. */
export function sweepFacts(report: SweepReport): string {
  const [clients = '', rate = '', size = '', ...others] = loadFacts(report.scenario);
  const { variable } = report.vary;
  const same = [
    variable === 'clients' ? clients.replace(/^[\d,]+ /, '') : clients,
    ...(variable === 'rate' ? [] : [rate]),
    ...(variable === 'size' ? [] : [size]),
    ...others,
    ...scaleFacts(report.scenario),
  ];
  return `${rangeInWords(report)}; else the same: ${same.join(' · ')}.`;
}

export interface SweepTable {
  readonly title: string;
  readonly lines: readonly Line[];
}

/** A line for each value, or for each figure of growth; a column for each technique. */
export function sweepTables(report: SweepReport): readonly SweepTable[] {
  return [
    {
      title: 'Latency in ms: p50, and p99 below it',
      lines: linesOf(report, (row, value) =>
        [(one: SweepMeasurement) => one.latencyUs.p50, (one: SweepMeasurement) => one.latencyUs.p99]
          .map((figure) => show(medianAt(row, value, figure), latencyMs))
          .join('\n'),
      ),
    },
    {
      title: 'Server CPU in % of a core, and µs per delivery below it',
      lines: linesOf(report, (row, value) =>
        [
          show(medianAt(row, value, serverCpuPercent), plainFigure),
          show(
            medianAt(row, value, ({ perDelivery }) => perDelivery.serverCpuUs),
            plainFigure,
          ),
        ].join('\n'),
      ),
    },
    {
      title: 'TCP payload in both directions: B per delivery',
      lines: linesOf(report, (row, value) =>
        show(
          medianAt(row, value, ({ perDelivery }) => perDelivery.bytes),
          plainFigure,
        ),
      ),
    },
    { title: `Growth with the ${variableNoun(report)}: exponent e of figure ∝ valueᵉ`, lines: growthLines(report) },
  ];
}

function growthLines({ vary: { variable } }: SweepReport): Line[] {
  const exponent =
    (key: keyof SweepRow['growth']): Line[1] =>
    ({ growth }) => {
      const found = growth[key];
      return found ? exponentInWords(found) : NO_FIGURE;
    };
  const memory: Line = [
    'memory KiB/client',
    ({ memoryPerClient: slope }) =>
      slope ? `${plainFigure(slope.bytes / 1_024)} ± ${plainFigure(slope.standardErrorBytes / 1_024)}` : NO_FIGURE,
  ];
  return [
    ['server CPU', exponent('serverCpu')],
    ['server CPU/delivery', exponent('serverCpuPerDelivery')],
    ['bytes', exponent('bytes')],
    ['latency p50', exponent('latencyP50')],
    ['latency p99', exponent('latencyP99')],
    ...(variable === 'clients' ? [memory] : []),
  ];
}

/** Latency, then server CPU, against what was varied. */
export function sweepCharts(report: SweepReport, size: ChartSize): string[][] {
  const { transports, vary } = report;
  const x = { title: axisTitle(report), format: (value: number) => formatValue(vary.variable, value) };
  const percentile = chartedPercentile(report);
  const charts = [
    {
      title: `latency ${percentile}, ms`,
      format: tickMs,
      figure: (one: SweepMeasurement) => one.latencyUs[percentile],
    },
    { title: 'server CPU, % of a core', format: plainFigure, figure: serverCpuPercent },
  ];
  return charts
    .map(({ title, format, figure }) =>
      renderChart(
        {
          x,
          y: { title, format },
          series: transports.map((row) => ({
            label: row.label,
            points: vary.values.flatMap((value) => {
              const y = medianAt(row, value, figure);
              return y === null ? [] : [{ x: value, y }];
            }),
          })),
        },
        size,
      ),
    )
    .filter((lines) => lines.length > 0);
}

/** The p99, unless most runs had too few messages for one. */
function chartedPercentile({ transports }: SweepReport): 'p50' | 'p99' {
  const swept = transports.flatMap(({ measurements }) => measurements.filter(({ use }) => use === 'sweep'));
  const known = swept.filter(({ latencyUs }) => latencyUs.p99 !== null).length;
  return 2 * known >= swept.length ? 'p99' : 'p50';
}

export const serverCpuPercent: SweepFigure = ({ perSecond: { serverCpuUs } }) => serverCpuUs && serverCpuUs / 10_000;

function linesOf({ vary: { variable, values } }: SweepReport, cell: (row: SweepRow, value: number) => string): Line[] {
  return values.map((value) => [formatValue(variable, value), (row) => cell(row, value)]);
}

/** Over the sound runs of the sweep at a value. */
export function medianAt({ measurements }: SweepRow, value: number, figure: SweepFigure): number | null {
  const known = measurements.flatMap((one) => {
    const found = one.use === 'sweep' && one.value === value ? figure(one) : null;
    return found === null ? [] : [found];
  });
  return known.length === 0 ? null : median(known);
}

function show(value: number | null, format: (value: number) => string): string {
  return value === null ? NO_FIGURE : format(value);
}
