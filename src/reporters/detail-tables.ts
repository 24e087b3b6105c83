import type { CompletedRow, Report } from '../report/schema.js';
import type { Paint } from './ansi.js';
import { DETAIL_GROUPS, ROUND_ALIGNS, ROUND_HEAD, roundLines } from './details.js';
import { type GridColumn, grid } from './grid.js';
import { wrap } from './layout.js';

const LABEL_WIDTH = 24;
const MIN_COLUMN = 9;

/** Everything that was measured, a table for each group of figures, then the rounds. */
export function detailLines(report: Report, width: number, paint: Paint): string[] {
  const rows = report.transports.filter((row) => row.state === 'completed');
  const perTable = Math.max(1, Math.floor((width - 2 - LABEL_WIDTH) / (MIN_COLUMN + 2)));
  const groups = DETAIL_GROUPS.flatMap(({ title, figures }) => [
    ...wrap(title, width - 2).map((line) => paint('bold', `  ${line}`)),
    ...chunks(rows, perTable).flatMap((some) => [...groupTable(some, figures, width), '']),
  ]);
  return [...groups, ...roundsTable(report, width, paint)];
}

function groupTable(
  rows: readonly CompletedRow[],
  figures: (typeof DETAIL_GROUPS)[number]['figures'],
  width: number,
): string[] {
  const columnWidth = Math.min(13, Math.floor((width - 2 - LABEL_WIDTH) / rows.length) - 2);
  const columns: GridColumn[] = [
    { width: LABEL_WIDTH, align: 'left' },
    ...rows.map((): GridColumn => ({ width: columnWidth, align: 'right' })),
  ];
  return grid(columns, [
    ['', ...rows.map((row) => row.label)],
    'rule',
    ...figures.map(({ label, value }) => [label, ...rows.map(value)]),
  ]);
}

function roundsTable(report: Report, width: number, paint: Paint): string[] {
  const [, ...fixed] = ROUND_ALIGNS.map((align): GridColumn => ({ width: align === 'left' ? 9 : 7, align }));
  const used = fixed.reduce((sum, column) => sum + column.width + 2, 2);
  const columns: GridColumn[] = [{ width: Math.min(30, width - used), align: 'left' }, ...fixed];
  return [
    paint('bold', '  Rounds, bytes and CPU per delivery'),
    ...grid(columns, [ROUND_HEAD, 'rule', ...report.transports.flatMap(roundLines)]),
    '',
  ];
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  const parts: Item[][] = [];
  for (let from = 0; from < items.length; from += size) parts.push(items.slice(from, from + size));
  return parts;
}
