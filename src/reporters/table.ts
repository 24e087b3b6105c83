import { caveats } from '../report/caveats.js';
import { conclusions } from '../report/conclusions.js';
import { areAllMet, expectationsSentence, expectationText, unmet } from '../report/expectations-wording.js';
import { titleOf } from '../report/scale-wording.js';
import type { Report, ReportRow } from '../report/schema.js';
import { type Paint, paintWith } from './ansi.js';
import { cards } from './cards.js';
import { type Column, columnsOf } from './columns.js';
import { detailLines } from './detail-tables.js';
import { type GridRow, grid } from './grid.js';
import { latencyPlot, plotNotes } from './latency-plot.js';
import { foot, item, paragraph, section, wrap, wrapName } from './layout.js';
import { renderOverlayTable } from './overlay-table.js';
import { controlNotes, legend, verdictSentence, workloadFacts } from './prose.js';
import type { Reporter } from './reporter.js';
import { rowNotes } from './row-notes.js';

/** Widest a line of text gets: longer ones are hard to read. */
const MAX_WIDTH = 100;
/** Narrowest terminal that gets every column, and narrowest that gets a table at all. */
const FULL_WIDTH = 100;
const TABLE_WIDTH = 80;
const MIN_WIDTH = 56;

/** The table for a terminal: first what a decision takes, then what to know about it. */
export const tableReporter: Reporter = {
  name: 'table',
  summary: 'the table for a terminal',
  renderOverlay: renderOverlayTable,
  render(report, options) {
    const width = Math.min(Math.max(options.width, MIN_WIDTH), MAX_WIDTH);
    const paint = paintWith(options.color);
    const lines = [
      ...head(report, width, paint),
      '',
      ...(width < TABLE_WIDTH ? cards(report, width, paint) : comparison(report, width, paint)),
      '',
      ...plot(report, width, paint),
      ...section('What this says', conclusions(report), width, paint),
      ...reasons(report, width, paint, options.details),
      ...(options.details ? detailLines(report, width, paint) : []),
      ...section('How to read it', [...legend(report), ...plotNotes(report), ...controlNotes(report)], width, paint),
      ...section('What it does not say', caveats(report), width, paint),
      ...foot(report, width, paint, options.details ? '' : ' Everything measured: --details.'),
    ];
    return `${lines.join('\n')}\n`;
  },
};

function head(report: Report, width: number, paint: Paint): string[] {
  const { scenario, verdict } = report;
  const style = verdict === 'valid' ? 'green' : verdict === 'suspect' ? 'yellow' : 'red';
  return [
    '',
    ...wrap(titleOf(scenario), width - 2).map((line) => paint('bold', `  ${line}`)),
    ...paragraph(scenario.question, width),
    '',
    ...paragraph(`${workloadFacts(report).join(' · ')}.`, width).map((line) => paint('dim', line)),
    ...paragraph(verdictSentence(report), width).map((line) => paint(style, line)),
    ...expectations(report, width, paint),
  ];
}

/** What came of the thresholds: every one that was not met, by itself. */
function expectations({ expectations: all }: Report, width: number, paint: Paint): string[] {
  if (all.length === 0) return [];
  const style = areAllMet(all) ? 'green' : 'red';
  return [
    ...paragraph(expectationsSentence(all), width).map((line) => paint(style, line)),
    ...unmet(all).flatMap((one) => item(expectationText(one), width)),
  ];
}

function comparison(report: Report, width: number, paint: Paint): string[] {
  const columns = columnsOf(report).filter((column) => width >= FULL_WIDTH || !column.optional);
  const fixed = columns.reduce((sum, column) => sum + column.width, 0) + 2 * (columns.length - 1);
  const sized = columns.map((column) => (column.width > 0 ? column : { ...column, width: width - 2 - fixed }));
  const lineOf = (row: ReportRow): GridRow => sized.map((column) => cellText(column, row, paint));
  const techniques = report.transports.filter((row) => row.group !== 'control');
  const controls = report.transports.filter((row) => row.group === 'control');
  return grid(sized, [
    columns.map(({ header }) => header.map((line) => paint('bold', line)).join('\n')),
    'rule',
    ...techniques.map(lineOf),
    ...(controls.length > 0 ? ['rule' as const, ...controls.map(lineOf)] : []),
  ]);
}

function cellText(column: Column, row: ReportRow, paint: Paint): string {
  const { main, second, style } = column.cell(row);
  const lines = wrapName(main, column.width).map((line) => paint(style, line));
  return [...lines, ...(second === '' ? [] : [paint('dim', second)])].join('\n');
}

function plot(report: Report, width: number, paint: Paint): string[] {
  const lines = latencyPlot(report, width - 2, paint);
  return lines.length === 0 ? [] : [...lines.map((line) => `  ${line}`), ''];
}

function reasons(report: Report, width: number, paint: Paint, details: boolean): string[] {
  const { short, all, isShortened } = rowNotes(report.transports);
  const title = isShortened && !details ? 'Notes on single rows (whole with --details)' : 'Notes on single rows';
  return section(title, details ? all : short, width, paint);
}
