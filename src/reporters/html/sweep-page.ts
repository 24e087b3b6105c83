import type { SweepReport } from '../../report/sweep/schema.js';
import { axisTitle, sweepLegend, sweepNotes, sweepStatements } from '../../report/sweep/wording.js';
import { latencyMs, plainFigure } from '../../report/wording.js';
import { formatValue, valueInWords } from '../../scenario/vary.js';
import { formatBytes } from '../../units.js';
import { NO_FIGURE } from '../columns.js';
import { medianAt, type SweepFigure, serverCpuPercent, sweepFacts, sweepTables, sweepTitle } from '../sweep-parts.js';
import { chartFigure } from './chart-figure.js';
import type { ChartData } from './chart-shape.js';
import { byRow, type LoadRow, loadPage, loadRows, rowSwitches } from './load-page.js';
import { html, type Markup, NOTHING } from './markup.js';

/** A sweep as a page of its own: cost and latency against what was varied, and where costs cross. */
export function renderSweepPage(report: SweepReport): string {
  const rows = loadRows(report.transports);
  const shown = CHARTS.flatMap((spec) => {
    const chart = chartOf(spec, report, rows);
    return chart === null ? [] : [{ spec, chart }];
  });
  return loadPage({
    title: sweepTitle(report),
    lead: sweepFacts(report),
    facts: [],
    warning: report.interrupted ? 'Interrupted: not all planned runs were done.' : '',
    statements: sweepStatements(report),
    charts: shown.map(({ chart }) => chart),
    content: html`${shown.length === 0 ? html`<p>No run was sound: there are no figures to draw.</p>` : rowSwitches(rows)}
${shown.map(({ spec, chart }) => section(spec, chart, report, rows))}
${everyFigure(report, rows)}`,
    notes: sweepNotes(report),
    legend: sweepLegend(report),
    made: report,
  });
}

interface ChartSpec {
  readonly id: string;
  readonly heading: string;
  readonly y: string;
  readonly unit: string;
  /** Several: one at a time, by a button. */
  readonly views: readonly { readonly name: string; readonly figure: SweepFigure }[];
  readonly format: (value: number) => string;
  /** The cost whose crossings are marked. */
  readonly cost: 'serverCpu' | 'bytes' | null;
  readonly says: string;
}

const CROSSINGS =
  'A dashed mark is where the fitted curves of two rows meet: on its left one costs less, on its right the other.';

const CHARTS: readonly ChartSpec[] = [
  {
    id: 'server-cpu',
    heading: 'Server CPU',
    y: 'server CPU, % of a core',
    unit: '% of a core',
    views: [{ name: '', figure: serverCpuPercent }],
    format: plainFigure,
    cost: 'serverCpu',
    says: "CPU of the server's process, median of the sound runs at each value. Both axes are logarithmic.",
  },
  {
    id: 'bytes',
    heading: 'Bytes',
    y: 'TCP payload, KiB/s',
    unit: 'KiB/s',
    views: [{ name: '', figure: ({ perSecond: { bytes } }) => bytes && bytes / 1_024 }],
    format: (kibibytes) => `${formatBytes(Math.round(1_024 * kibibytes))}/s`,
    cost: 'bytes',
    says: 'TCP payload of all clients together, both directions.',
  },
  {
    id: 'latency',
    heading: 'Latency',
    y: 'latency, ms',
    unit: 'ms',
    views: (['p99', 'p50'] as const).map((name) => ({
      name,
      figure: ({ latencyUs }) => latencyUs[name] && latencyUs[name] / 1_000,
    })),
    format: (ms) => latencyMs(1_000 * ms),
    cost: null,
    says: 'From when a message was due to the callback of a client. A p99 takes 299 messages: where a run had fewer there is none.',
  },
];

function chartOf(
  { id, y, unit, views, cost }: ChartSpec,
  report: SweepReport,
  rows: readonly LoadRow[],
): ChartData | null {
  const { variable, values } = report.vary;
  const isKnown = (figure: SweepFigure) =>
    report.transports.some((row) => values.some((value) => medianAt(row, value, figure) !== null));
  const known = views.filter(({ figure }) => isKnown(figure));
  const [only] = known;
  if (only === undefined) return null;
  const series = known.flatMap(({ name, figure }) =>
    report.transports.flatMap((row, index) => {
      const shown = rows[index];
      if (shown === undefined) return [];
      const { label, tone } = shown;
      const view = known.length > 1 ? { view: name } : {};
      return [
        {
          label,
          row: index,
          tone,
          ...view,
          look: 'points' as const,
          values: values.map((value) => medianAt(row, value, figure)),
        },
      ];
    }),
  );
  const [low, high] = [values[0] ?? 1, values.at(-1) ?? 1];
  return {
    id,
    x: {
      title: axisTitle(report),
      values,
      ticks: values.map((at) => ({ at, text: formatValue(variable, at) })),
      names: values.map((value) => `At ${valueInWords(variable, value)}`),
      min: low / 1.1,
      max: high * 1.1,
      log: true,
    },
    y: {
      title: known.length === 1 && only.name !== '' ? `${only.name} of ${y}` : y,
      unit,
      log: series.every((one) => one.values.every((value) => value === null || value > 0)),
    },
    across: null,
    marks: cost === null ? [] : marksOf(cost, report),
    series,
  };
}

function marksOf(cost: 'serverCpu' | 'bytes', { crossings, transports, vary: { variable, values } }: SweepReport) {
  const [low = 0, high = 0] = [values[0], values.at(-1)];
  return crossings.flatMap((crossing) => {
    const { a, b, at, state } = crossing;
    if (crossing.cost !== cost || state !== 'crossing' || at === null || at < low || at > high) return [];
    const [first, second] = [transports[a]?.label, transports[b]?.label];
    return [{ at, text: `${first} = ${second}: ${formatValue(variable, at)}`, rows: [a, b] }];
  });
}

function section(
  { heading, views, format, says, y }: ChartSpec,
  chart: ChartData,
  report: SweepReport,
  rows: readonly LoadRow[],
): Markup {
  const { variable, values } = report.vary;
  const name = (view: string) => (view === '' ? '' : `, ${view}`);
  return html`<section id="${chart.id}-section"><h2>${heading}</h2>
${chartFigure({
  chart,
  description: `${y}, of ${rows.length} rows, at ${values.length} values of ${axisTitle(report)}.`,
  caption: `${says}${chart.marks?.length ? ` ${CROSSINGS}` : ''}`,
  table: byRow(
    `${y} at each value`,
    rows,
    views.flatMap(({ name: view, figure }) =>
      values.map((value): [string, string[]] => [
        `${formatValue(variable, value)}${name(view)}`,
        report.transports.map((row) => {
          const found = medianAt(row, value, figure);
          return found === null ? NO_FIGURE : format(found);
        }),
      ]),
    ),
  ),
})}
</section>`;
}

function everyFigure(report: SweepReport, rows: readonly LoadRow[]): Markup {
  if (report.transports.every(({ measurements }) => measurements.length === 0)) return NOTHING;
  return html`<section id="everything"><h2>Every figure</h2>
${sweepTables(report).map(
  ({ title, lines }) => html`<h3>${title}</h3>
${byRow(
  title,
  rows,
  lines.map(([label, cell]) => [label, report.transports.map((row) => cell(row))]),
)}`,
)}
</section>`;
}
