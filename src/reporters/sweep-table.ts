import type { SweepReport } from '../report/sweep/schema.js';
import { sweepLegend, sweepNotes, sweepStatements } from '../report/sweep/wording.js';
import { paintWith } from './ansi.js';
import { tablesByTechnique } from './by-technique.js';
import { foot, paragraph, section } from './layout.js';
import type { RenderOptions } from './reporter.js';
import { sweepCharts, sweepFacts, sweepTables, sweepTitle } from './sweep-parts.js';

const MAX_WIDTH = 100;
const MIN_WIDTH = 56;
const CHART_HEIGHT = 14;
/** Narrow, so that all techniques of the web stand side by side on 80 columns. */
const WIDTHS = { label: 13, column: 11 } as const;

/** A sweep for a terminal: charts of latency and cost, what crosses, then every figure. */
export function renderSweepTable(report: SweepReport, options: Omit<RenderOptions, 'details'>): string {
  const width = Math.min(Math.max(options.width, MIN_WIDTH), MAX_WIDTH);
  const paint = paintWith(options.color);
  const lines = [
    '',
    ...paragraph(sweepTitle(report), width).map((line) => paint('bold', line)),
    ...paragraph(sweepFacts(report), width).map((line) => paint('dim', line)),
    ...(report.interrupted ? paragraph('Interrupted: not all planned runs were done.', width) : []),
    '',
    ...sweepCharts(report, { width: width - 2, height: CHART_HEIGHT }).flatMap((chart) => [
      ...chart.map((line) => `  ${line}`),
      '',
    ]),
    ...section('What this says', sweepStatements(report), width, paint),
    ...sweepTables(report).flatMap(({ title, lines: rows }) => [
      ...paragraph(title, width).map((line) => paint('bold', line)),
      ...tablesByTechnique(report.transports, rows, width, paint, WIDTHS),
    ]),
    ...section('Notes on single rows', sweepNotes(report), width, paint),
    ...section('How to read it', sweepLegend(report), width, paint),
    ...foot(report, width, paint),
  ];
  return `${lines.join('\n')}\n`;
}
