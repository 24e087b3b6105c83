import type { CostReport, CostRow } from '../report/cost-schema.js';
import { costNotes, costStatements } from '../report/cost-wording.js';
import { titleOf } from '../report/scale-wording.js';
import { plainFigure } from '../report/wording.js';
import { type Paint, paintWith } from './ansi.js';
import { type TechniqueLine, tablesByTechnique } from './by-technique.js';
import { NO_FIGURE } from './columns.js';
import { foot, paragraph, section } from './layout.js';
import { loadFacts } from './prose.js';
import type { RenderOptions } from './reporter.js';

const MAX_WIDTH = 100;
const MIN_WIDTH = 56;

type Cell = TechniqueLine<CostRow>[1];

/** The cost model for a terminal: a line a cost, a column a technique; then the loads that it was fitted to. */
export function renderCostTable(report: CostReport, options: Omit<RenderOptions, 'details'>): string {
  const width = Math.min(Math.max(options.width, MIN_WIDTH), MAX_WIDTH);
  const paint = paintWith(options.color);
  const lines = [
    '',
    ...heading(`What the server pays for: ${titleOf(report.scenario)}`, width, paint),
    ...paragraph(`${loadFacts(report.scenario).join(' · ')}, and loads around it.`, width).map((line) =>
      paint('dim', line),
    ),
    ...(report.interrupted ? paragraph('Interrupted: not all planned runs were done.', width) : []),
    '',
    ...tablesByTechnique(report.transports, costLines(), width, paint),
    ...heading('Server CPU in % of a core: measured (by the model), whole machine below it', width, paint),
    ...tablesByTechnique(report.transports, pointLines(report), width, paint),
    ...section('What this says', costStatements(report), width, paint),
    ...section('Notes on single rows', costNotes(report), width, paint),
    ...section('How to read it', legendOf(report), width, paint),
    ...foot(report, width, paint),
  ];
  return `${lines.join('\n')}\n`;
}

function legendOf({ transports }: CostReport): string[] {
  const polled = transports.some(({ measurements }) => new Set(measurements.map(({ waitMs }) => waitMs)).size > 1);
  const pace =
    'Rows that poll did so twice as often at every other load, so that polls do not move in step with clients.';
  return [...LEGEND, ...(polled ? [pace] : [])];
}

const LEGEND = [
  'CPU of the server process = per client × clients + per publish × publishes + per delivery × deliveries + per poll × polls.',
  '±: one standard error of the fit. A cost smaller than twice its error, or below zero, is not told from nothing.',
  'Misses: how far the model is from what was measured at the points it was fitted to; "not linear" from 20 % on.',
  'Memory is what each further client adds to the server process, after a forced collection; kernel memory is what it adds to the whole machine outside of processes, both ends of its connection.',
  'All of it is this machine, this Node, these libraries, loopback. Whole machine: all cores and programs, clients included.',
] as const;

function costLines(): TechniqueLine<CostRow>[] {
  const cost =
    (key: 'perClient' | 'perPublish' | 'perDelivery' | 'perPoll'): Cell =>
    (row) => {
      const estimate = row.cpu?.[key];
      return estimate ? plusMinus(estimate.us, estimate.standardErrorUs) : NO_FIGURE;
    };
  const memory =
    (key: 'memoryPerClient' | 'kernelMemoryPerClient'): Cell =>
    (row) => {
      const slope = row[key];
      return slope ? plusMinus(slope.bytes / 1_024, slope.standardErrorBytes / 1_024) : NO_FIGURE;
    };
  const miss =
    (share: (cpu: NonNullable<CostRow['cpu']>) => number): Cell =>
    ({ cpu }) =>
      cpu ? `${(100 * share(cpu)).toFixed(1)} %` : NO_FIGURE;
  return [
    ['CPU µs/s per client', cost('perClient')],
    ['CPU µs per publish', cost('perPublish')],
    ['CPU µs per delivery', cost('perDelivery')],
    ['CPU µs per poll', cost('perPoll')],
    ['memory KiB/client', memory('memoryPerClient')],
    ['kernel KiB/client', memory('kernelMemoryPerClient')],
    ['misses, std. dev.', miss(({ typicalMissShare }) => typicalMissShare)],
    ['misses, largest', miss(({ largestMiss }) => largestMiss.share)],
    ['linear', ({ cpu }) => (cpu ? (cpu.linear ? 'yes' : 'not here') : NO_FIGURE)],
  ];
}

/** A line for each load; the scenario's own, which the model was not fitted to, is marked. */
function pointLines({ points, scenario: { workload } }: CostReport): TechniqueLine<CostRow>[] {
  const own = { clients: workload.clients, ratePerSecond: workload.ratePerSecond };
  const lines = [...points.map((point) => ({ point, use: 'fit', mark: '' })), { point: own, use: 'check', mark: ' *' }];
  return lines.map(({ point, use, mark }) => [
    `${point.clients} at ${plainFigure(point.ratePerSecond)}/s${mark}`,
    ({ measurements }) => {
      const here = measurements.filter(
        (one) => one.use === use && one.clients === point.clients && one.ratePerSecond === point.ratePerSecond,
      );
      const mean = (value: (one: (typeof here)[number]) => number | null) => percentOfCore(here.map(value));
      if (here.length === 0) return NO_FIGURE;
      const measured = mean((one) => one.serverCpuUsPerSecond);
      const predicted = mean((one) => one.predictedCpuUsPerSecond);
      return `${measured} (${predicted})\n${mean((one) => one.machineBusyUsPerSecond)}`;
    },
  ]);
}

function percentOfCore(usPerSecond: readonly (number | null)[]): string {
  const known = usPerSecond.filter((value) => value !== null);
  if (known.length === 0) return NO_FIGURE;
  return (known.reduce((sum, value) => sum + value, 0) / known.length / 10_000).toFixed(1);
}

function plusMinus(value: number, error: number): string {
  return `${plainFigure(value)} ± ${plainFigure(error)}`;
}

function heading(text: string, width: number, paint: Paint): string[] {
  return paragraph(text, width).map((line) => paint('bold', line));
}
