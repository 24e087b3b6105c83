import type { Report, ReportRow } from '../report/schema.js';
import type { Paint } from './ansi.js';
import { type Cell, columnsOf, NO_FIGURE } from './columns.js';
import { wrap } from './layout.js';

/** The table's figures for a terminal too narrow for it: a block for each technique, a line for each figure. */
export function cards(report: Report, width: number, paint: Paint): string[] {
  const ordered = [...report.transports].sort((a, b) => rank(a) - rank(b));
  return cardsOf(ordered, columnsOf(report), (row) => row.label, width, paint);
}

/** The same of rows that have columns of their own; the first column, their name, is the title of the block. */
export function cardsOf<Row>(
  rows: readonly Row[],
  [, ...columns]: readonly { readonly header: readonly string[]; readonly cell: (row: Row) => Cell }[],
  labelOf: (row: Row) => string,
  width: number,
  paint: Paint,
): string[] {
  return rows.flatMap((row, index) => {
    const title = wrap(labelOf(row), width - 2).map((line) => paint('bold', `  ${line}`));
    const lines = columns.flatMap(({ header, cell }) => {
      const figure = cell(row);
      if (figure.main === NO_FIGURE) return [];
      return `    ${header.join(' ').padEnd(24)}${figureText(figure, paint)}`;
    });
    return [...(index > 0 ? [''] : []), ...title, ...lines];
  });
}

function rank(row: ReportRow): number {
  return row.group === 'control' ? 1 : 0;
}

function figureText({ main, second, style }: Cell, paint: Paint): string {
  if (second === '') return paint(style, main);
  return `${paint(style, main)}  ${paint('dim', second)}`;
}
