import type { SweepReport } from '../report/sweep/schema.js';
import { sweepLegend, sweepNotes, sweepStatements } from '../report/sweep/wording.js';
import { paintWith } from './ansi.js';
import { type TechniqueWidths, tablesByTechnique } from './by-technique.js';
import { foot, paragraph, section } from './layout.js';
import type { RenderOptions } from './reporter.js';
import { sweepCharts, sweepFacts, sweepTables, sweepTitle } from './sweep-parts.js';

const MAX_WIDTH = 100;
const MIN_WIDTH = 56;
const CHART_HEIGHT = 14;
/** Narrow, so that all techniques of the web stand side by side on 80 columns; wider where there is room. */
const WIDTHS = { label: 13, column: 11, widest: 12 } as const;

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
      ...tablesByTechnique(report.transports, rows, width, paint, widthsOf(report, width)),
    ]),
    ...section('Notes on single rows', sweepNotes(report), width, paint),
    ...section('How to read it', sweepLegend(report), width, paint),
    ...foot(report, width, paint),
  ];
  return `${lines.join('\n')}\n`;
}

function widthsOf({ transports }: SweepReport, width: number): TechniqueWidths {
  const { label, column, widest } = WIDTHS;
  const room = Math.floor((width - 2 - label) / transports.length) - 2;
  return { label, column: Math.min(widest, Math.max(column, room)) };
}
