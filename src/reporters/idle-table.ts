import type { IdleReport } from '../report/idle-schema.js';
import { type Paint, paintWith } from './ansi.js';
import { type GridColumn, grid } from './grid.js';
import { type IdleTable, idleLegend, idleNotes, idleTables, UNBROKEN } from './idle-cells.js';
import { foot, paragraph, section, wrapName } from './layout.js';
import type { RenderOptions } from './reporter.js';

const MAX_WIDTH = 100;
const MIN_WIDTH = 80;
const GAP = 2;
const MIN_COLUMN_WIDTH = 7;
const LABEL_SHARE = 0.22;

/** What heartbeats cost and what they are good for, for a terminal. */
export function renderIdleTable(report: IdleReport, options: Omit<RenderOptions, 'details'>): string {
  const width = Math.min(Math.max(options.width, MIN_WIDTH), MAX_WIDTH);
  const paint = paintWith(options.color);
  const lines = [
    '',
    ...(report.interrupted ? paragraph('Interrupted: not all rows were measured.', width) : []),
    ...idleTables(report).flatMap((table) => [
      ...paragraph(table.title, width).map((line) => paint('bold', line)),
      ...lay(table, width, paint),
      '',
    ]),
    ...section('Notes on single rows', idleNotes(report), width, paint),
    ...section('How to read it', idleLegend(report), width, paint),
    ...foot(report, width, paint),
  ];
  return `${lines.join('\n')}\n`;
}

/** Columns as wide as their widest word, and what is left is shared out evenly. */
function lay({ header, rows }: IdleTable, width: number, paint: Paint): string[] {
  const labelWidth = Math.floor(width * LABEL_SHARE);
  const room = width - 2 - labelWidth - header.slice(1).length * GAP;
  const natural = header.slice(1).map((_, index) => {
    const cells = rows.map((row) => row[index + 1]?.length ?? 0);
    return Math.max(MIN_COLUMN_WIDTH, ...cells);
  });
  const widths = widthsWithin(natural, room);
  const columns: GridColumn[] = [
    { width: labelWidth, align: 'left' },
    ...widths.map((columnWidth): GridColumn => ({ width: columnWidth, align: 'right' })),
  ];
  const cellsOf = (row: readonly string[]) =>
    row.map((cell, index) => wrapName(cell, columns[index]?.width ?? 1).join('\n'));
  const head = header.map((cell, index) =>
    wrapName(cell, columns[index]?.width ?? 1)
      .map((line) => paint('bold', line))
      .join('\n'),
  );
  return grid(columns, [head, 'rule', ...rows.map(cellsOf)]).map((line) => line.replaceAll(UNBROKEN, ' '));
}

/** Takes from the widest until all fit. */
function widthsWithin(natural: readonly number[], room: number): number[] {
  const widths = [...natural];
  for (let excess = widths.reduce((sum, one) => sum + one, 0) - room; excess > 0; excess--) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}
