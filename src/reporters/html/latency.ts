import { CURVE_AXIS, latencyCurve } from '../../report/latency-curve.js';
import type { CompletedRow } from '../../report/schema.js';
import { completedRuns } from '../../report/statistics.js';
import { latencyMs } from '../../report/wording.js';
import { formatDurationMs, significant } from '../../units.js';
import { barTable, figureOr, type MeasuredRow, rowName } from './bars.js';
import { chartFigure } from './chart-figure.js';
import type { ChartData } from './chart-shape.js';
import { type Content, html, type Markup, NOTHING, table } from './markup.js';
import { overTimeChart, overTimeFigure } from './over-time.js';
import { stripTable } from './strips.js';

/** A part of the page, and the charts in it. */
export interface Section {
  readonly content: Content;
  readonly charts: readonly ChartData[];
}

/** The delay that is tolerated, where all sources have the same. */
type Limit = number | null;

export function latencySection(rows: readonly MeasuredRow[], toleratesMs: Limit): Section {
  const percentiles = percentileChart(rows, toleratesMs);
  const overTime = overTimeChart(rows, limitLine(toleratesMs));
  const rounds = roundsChart(rows, toleratesMs);
  return {
    charts: [percentiles, overTime, rounds].filter((chart) => chart !== null),
    content: html`<section id="latency"><h2>Latency</h2>
<p class="sub">From ${rows.some(({ row }) => row.observed) ? 'the time in the message' : 'the moment a message was due'} until the callback of a client ran, all rounds together.</p>
<h3>By percentile</h3>
${percentiles === null ? html`<p>No latency was measured.</p>` : percentileFigure(percentiles, rows)}
<h3>Over time</h3>
${overTime === null ? html`<p>This result holds no times finer than rounds.</p>` : overTimeFigure(overTime, rows)}
<h3>Round by round</h3>
${rounds === null ? NOTHING : roundsFigure(rounds, rows)}
${spreadStrips(rows, toleratesMs)}
<h3>Where the time goes</h3>
${stageBars(rows)}
</section>`,
  };
}

const TICKS = [
  { at: 0, text: '0 %' },
  { at: Math.log10(2), text: '50 %' },
  { at: 1, text: '90 %' },
  { at: 2, text: '99 %' },
  { at: 3, text: '99.9 %' },
  { at: 4, text: '99.99 %' },
];

function percentileChart(rows: readonly MeasuredRow[], toleratesMs: Limit): ChartData | null {
  const series = rows.map((shown) => ({
    label: shown.row.label,
    row: shown.index,
    tone: shown.tone,
    values: latencyCurve(shown.row).map((us) => (us === null ? null : us / 1_000)),
    look: 'line' as const,
  }));
  const last = CURVE_AXIS.findLastIndex((_, index) => series.some(({ values }) => values[index] != null));
  if (last < 0) return null;
  const values = CURVE_AXIS.slice(0, last + 1);
  const max = values.at(-1) ?? 1;
  return {
    id: 'percentiles',
    x: {
      title: 'share of deliveries that were faster',
      values,
      ticks: TICKS.filter(({ at }) => at <= max),
      names: values.map((nines) => `${shareOf(nines)} % within`),
      min: 0,
      max,
    },
    y: { title: 'latency, ms', unit: 'ms', log: true },
    across: limitLine(toleratesMs),
    series: series.map((one) => ({ ...one, values: one.values.slice(0, last + 1) })),
  };
}

/** With as many digits as its nines ask for: 50, 90, 98.4, 99.9. */
function shareOf(nines: number): string {
  const share = 100 * (1 - 10 ** -nines);
  return share.toFixed(nines < 1 ? 0 : nines < 2 ? 1 : nines < 3 ? 2 : 3).replace(/\.0+$/, '');
}

function limitLine(toleratesMs: Limit): ChartData['across'] {
  return toleratesMs === null ? null : { at: toleratesMs, text: `tolerated: ${formatDurationMs(toleratesMs)}` };
}

const PERCENTILES = ['p50', 'p90', 'p95', 'p99', 'p999', 'max'] as const;

function percentileFigure(chart: ChartData, rows: readonly MeasuredRow[]): Markup {
  return chartFigure({
    chart,
    description: `Latency in ms of ${rows.length} rows against the percentile, from the fastest delivery to the slowest that the sample can tell.`,
    caption:
      'To the right are the rarer, slower deliveries: each mark has ten times fewer beyond it. Both axes are logarithmic. A line ends where its publishes no longer carry a percentile.',
    table: table(
      [
        { title: 'ms', align: 'left' },
        ...PERCENTILES.map((key) => ({ title: key === 'p999' ? 'p99.9' : key, align: 'right' as const })),
      ],
      rows.map((shown) => [rowName(shown), ...PERCENTILES.map((key) => figureOr(shown.row.latencyUs[key], latencyMs))]),
      'Latency percentiles in ms',
    ),
  });
}

function roundsChart(rows: readonly MeasuredRow[], toleratesMs: Limit): ChartData | null {
  const count = Math.max(0, ...rows.flatMap(({ row }) => row.rounds.map(({ round }) => round + 1)));
  if (count < 2) return null;
  const rounds = Array.from({ length: count }, (_, index) => index + 1);
  const series = (['p50', 'p99'] as const).flatMap((view) =>
    rows.map((shown) => ({
      label: shown.row.label,
      row: shown.index,
      tone: shown.tone,
      view,
      look: 'points' as const,
      values: rounds.map((round) => roundMs(shown.row, round - 1, view)),
    })),
  );
  if (series.every(({ values }) => values.every((value) => value === null))) return null;
  return {
    id: 'rounds',
    x: {
      title: 'round, in the order they were run',
      values: rounds,
      ticks: rounds.map((at) => ({ at, text: String(at) })),
      names: rounds.map((round) => `Round ${round}`),
      min: 0.75,
      max: count + 0.25,
    },
    y: { title: 'latency, ms', unit: 'ms', log: true },
    across: limitLine(toleratesMs),
    series,
  };
}

function roundMs(row: CompletedRow, round: number, name: 'p50' | 'p99'): number | null {
  const run = completedRuns(row).find((one) => one.round === round);
  const us = run?.latencyUs[name] ?? null;
  return us === null ? null : us / 1_000;
}

function roundsFigure(chart: ChartData, rows: readonly MeasuredRow[]): Markup {
  const lines = rows.flatMap((shown) =>
    shown.row.rounds.map((run) => [
      rowName(shown),
      String(run.round + 1),
      ...(['p50', 'p99'] as const).map((name) =>
        figureOr(run.state === 'completed' ? run.latencyUs[name] : null, latencyMs),
      ),
    ]),
  );
  return chartFigure({
    chart,
    description: `Latency p50 or p99 of ${rows.length} rows in each of ${chart.x.values.length} rounds.`,
    caption:
      'Every round has fresh processes and runs all rows. Lines that rise or fall together are the machine; a line that does so alone is its technique.',
    table: table(
      [
        { title: '', align: 'left' },
        { title: 'round', align: 'right' },
        { title: 'p50 ms', align: 'right' },
        { title: 'p99 ms', align: 'right' },
      ],
      lines,
      'Latency of each round in ms',
    ),
  });
}

function spreadStrips(rows: readonly MeasuredRow[], toleratesMs: Limit): Markup {
  const lines = rows.map((shown) => {
    const runs = completedRuns(shown.row);
    const dots = (name: 'p50' | 'p99', look: 'dot' | 'ring') =>
      runs.flatMap(({ round, latencyUs }) => {
        const us = latencyUs[name];
        return us === null ? [] : [{ us, look, name: `round ${round + 1}, ${name}` }];
      });
    const { p50, p99 } = shown.row.spread.latencyUs;
    return {
      shown,
      figures: [figureOr(p50.median, latencyMs), figureOr(p99.median, latencyMs)],
      dots: [...dots('p99', 'ring'), ...dots('p50', 'dot')],
    };
  });
  return html`<p class="sub">A dot is the p50 of one round, a ring its p99; the figures are the medians of the rounds, in ms.</p>
${stripTable('Latency of each round, a dot for p50 and a ring for p99', ['p50', 'p99'], lines, toleratesMs)}`;
}

const STAGES = [
  { key: 'scheduleLagUs', name: 'sent late' },
  { key: 'ingressUs', name: 'to the hub' },
  { key: 'turnUs', name: "until the client's turn, or its poll" },
  { key: 'transportUs', name: 'to the callback' },
] as const;

function stageBars(rows: readonly MeasuredRow[]): Markup {
  const lines = rows.flatMap((shown) => {
    const { mean } = shown.row.attribution;
    const { latencyUs } = mean;
    if (latencyUs === null || latencyUs <= 0) return [];
    const segments = STAGES.map(({ key, name }, index) => {
      const us = mean[key] ?? 0;
      return {
        value: us / latencyUs,
        color: `var(--part-${index})`,
        title: `${name}: ${latencyMs(us)} ms, ${significant((100 * us) / latencyUs)} %`,
      };
    });
    return [
      {
        shown,
        figures: [latencyMs(latencyUs), ...STAGES.map(({ key }) => figureOr(mean[key], latencyMs))],
        bars: [segments],
      },
    ];
  });
  if (lines.length === 0) return html`<p class="sub">The stages of latency were not measured.</p>`;
  return html`<p class="sub">The mean latency in ms, in its four stages; each bar is the whole of its own row.</p>
${partsLegend(STAGES.map(({ name }) => name))}
${barTable('Stages of the mean latency in ms', ['mean', ...SHORT_STAGES], lines, 1)}`;
}

const SHORT_STAGES = ['late', 'to hub', 'turn', 'callback'];

/** What the colours of stacked bars mean. */
export function partsLegend(names: readonly string[]): Markup {
  return html`<ul class="parts">${names.map(
    (name, index) => html`<li><i class="key" style="--tone:var(--part-${index})"></i>${name}</li>`,
  )}</ul>`;
}
