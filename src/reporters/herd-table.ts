import type { HerdPolicy, HerdReport } from '../report/herd-schema.js';
import { HERD_LEGEND, herdCaveats, herdFacts, herdNotes, herdStatements, herdTitle } from '../report/herd-wording.js';
import { type Paint, paintWith } from './ansi.js';
import { type GridColumn, grid, gridWidth } from './grid.js';
import { herdChart } from './herd-chart.js';
import { HERD_COLUMNS, type HerdColumn, herdCells } from './herd-columns.js';
import { foot, paragraph, section, wrapName } from './layout.js';
import type { RenderOptions } from './reporter.js';

const MAX_WIDTH = 110;
const MIN_WIDTH = 60;
const MAX_NAME_WIDTH = 20;
const INDENT = 2;

/** The herds for a terminal: a line a policy, theory below it, then accepts over time. */
export function renderHerdTable(report: HerdReport, options: Omit<RenderOptions, 'details'>): string {
  const width = Math.min(Math.max(options.width, MIN_WIDTH), MAX_WIDTH);
  const paint = paintWith(options.color);
  const lines = [
    '',
    ...paragraph(herdTitle(report), width).map((line) => paint('bold', line)),
    ...paragraph(herdFacts(report), width).map((line) => paint('dim', line)),
    ...(report.interrupted ? paragraph('Interrupted: not every policy was measured.', width) : []),
    '',
    ...tables(report, width, paint),
    '',
    ...herdChart(report, width - 2).map((line) => `  ${line}`),
    '',
    ...section('What this says', herdStatements(report), width, paint),
    ...section('Notes on single policies', herdNotes(report), width, paint),
    ...section('How to read it', HERD_LEGEND, width, paint),
    ...section('What it does not say', herdCaveats(report), width, paint),
    ...foot(report, width, paint),
  ];
  return `${lines.join('\n')}\n`;
}

/** One below the other where the columns do not fit beside each other. */
function tables({ policies }: HerdReport, width: number, paint: Paint): string[] {
  const names = policies.map(nameOf);
  const nameWidth = Math.min(MAX_NAME_WIDTH, Math.max(...names.map(({ length }) => length)));
  const layoutOf = (columns: readonly HerdColumn[]): GridColumn[] => [
    { width: nameWidth, align: 'left' },
    ...columns.map((column): GridColumn => ({ width: column.width, align: 'right' })),
  ];
  const parts: HerdColumn[][] = [];
  for (const column of HERD_COLUMNS) {
    const part = parts.at(-1);
    if (part && INDENT + gridWidth(layoutOf([...part, column])) <= width) part.push(column);
    else parts.push([column]);
  }
  return parts.flatMap((columns, index) => [
    ...(index > 0 ? [''] : []),
    ...grid(layoutOf(columns), [
      ['', ...columns.map((column) => paintLines(wrapName(column.title, column.width), paint))],
      'rule',
      ...policies.map((row) => [
        wrapName(nameOf(row), nameWidth).join('\n'),
        ...columns.map((column) => herdCells(row, column).join('\n')),
      ]),
    ]),
  ]);
}

/** With a mark where the verdict is in doubt. */
function nameOf(row: HerdPolicy): string {
  return `${row.policy}${row.state === 'completed' && row.verdict !== 'valid' ? ' *' : ''}`;
}

function paintLines(lines: readonly string[], paint: Paint): string {
  return lines.map((line) => paint('bold', line)).join('\n');
}
