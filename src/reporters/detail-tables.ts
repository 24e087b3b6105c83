import type { CompletedRow, Report } from '../report/schema.js';
import type { Paint } from './ansi.js';
import type { DetailGroup } from './detail-figures.js';
import { detailGroupsOf } from './details.js';
import { type GridColumn, grid } from './grid.js';
import { wrap, wrapName } from './layout.js';
import { ROUND_COLUMNS } from './round-columns.js';

const LABEL_WIDTH = 24;
const MIN_COLUMN = 9;
/** Narrowest terminal that gets every column of the table of rounds. */
const FULL_ROUNDS_WIDTH = 80;

/** Everything that was measured, a table for each group of figures, then the rounds. */
export function detailLines(report: Report, width: number, paint: Paint): string[] {
  const rows = report.transports.filter((row) => row.state === 'completed');
  const perTable = Math.max(1, Math.floor((width - 2 - LABEL_WIDTH) / (MIN_COLUMN + 2)));
  const groups = detailGroupsOf(rows).flatMap(({ title, figures }) => [
    ...wrap(title, width - 2).map((line) => paint('bold', `  ${line}`)),
    ...chunks(rows, perTable).flatMap((some) => [...groupTable(some, figures, width), '']),
  ]);
  return [...groups, ...roundsTable(report, width, paint)];
}

function groupTable(rows: readonly CompletedRow[], figures: DetailGroup['figures'], width: number): string[] {
  const columnWidth = Math.min(13, Math.floor((width - 2 - LABEL_WIDTH) / rows.length) - 2);
  const columns: GridColumn[] = [
    { width: LABEL_WIDTH, align: 'left' },
    ...rows.map((): GridColumn => ({ width: columnWidth, align: 'right' })),
  ];
  return grid(columns, [
    ['', ...rows.map((row) => wrapName(row.label, columnWidth).join('\n'))],
    'rule',
    ...figures.map(({ label, value }) => [label, ...rows.map(value)]),
  ]);
}

function roundsTable(report: Report, width: number, paint: Paint): string[] {
  const shown = ROUND_COLUMNS.filter((column) => width >= FULL_ROUNDS_WIDTH || !column.optional);
  const [, ...others] = shown;
  const nameWidth = Math.min(
    30,
    others.reduce((left, column) => left - column.width - 2, width - 2),
  );
  const name: GridColumn = { width: nameWidth, align: 'left' };
  const lines = report.transports.flatMap((row) =>
    row.rounds.map((run, index) => [
      index === 0 ? wrapName(row.label, nameWidth).join('\n') : '',
      ...others.map(({ value }) => value(run)),
    ]),
  );
  const head = shown.map(({ title }) => title);
  return [
    paint('bold', '  Rounds, bytes and CPU per delivery'),
    ...grid([name, ...others], [head, 'rule', ...lines]),
    '',
  ];
}

/** Parts of at most `size`, in order. */
export function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  const parts: Item[][] = [];
  for (let from = 0; from < items.length; from += size) parts.push(items.slice(from, from + size));
  return parts;
}
