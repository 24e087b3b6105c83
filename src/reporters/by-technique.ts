import type { Paint } from './ansi.js';
import { chunks } from './detail-tables.js';
import { type GridColumn, grid } from './grid.js';
import { wrapName } from './layout.js';

/** Characters of the column of labels, and of one technique. */
export interface TechniqueWidths {
  readonly label: number;
  readonly column: number;
}

/** A line of a table with a column for each technique. */
export type TechniqueLine<Row> = readonly [label: string, cell: (row: Row) => string];

/** A column for each row of a report; several tables below each other where they do not fit beside each other. */
export function tablesByTechnique<Row extends { readonly label: string }>(
  rows: readonly Row[],
  lines: readonly TechniqueLine<Row>[],
  width: number,
  paint: Paint,
  { label, column }: TechniqueWidths = { label: 22, column: 13 },
): string[] {
  const perTable = Math.max(1, Math.floor((width - 2 - label) / (column + 2)));
  return chunks(rows, perTable).flatMap((some) => {
    const columns: GridColumn[] = [
      { width: label, align: 'left' },
      ...some.map((): GridColumn => ({ width: column, align: 'right' })),
    ];
    const head = some.map((row) =>
      wrapName(row.label, column)
        .map((line) => paint('bold', line))
        .join('\n'),
    );
    return [...grid(columns, [['', ...head], 'rule', ...lines.map(([name, cell]) => [name, ...some.map(cell)])]), ''];
  });
}
