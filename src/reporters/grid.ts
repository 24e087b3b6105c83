import Table from 'cli-table3';

export interface GridColumn {
  /** Characters without the gap to the next column. */
  readonly width: number;
  readonly align: 'left' | 'right';
}

/** Spaces between two columns. */
const GAP = 2;

/** `'rule'`: a line over the whole width; else a cell for each column, lines parted by line breaks. */
export type GridRow = 'rule' | readonly string[];

/** Rows and columns without frames: the same width for every line, texts wrapped inside their column. */
export function grid(columns: readonly GridColumn[], rows: readonly GridRow[]): string[] {
  const table = new Table({
    chars: NO_FRAME,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP },
    colWidths: columns.map((column) => column.width + GAP),
    colAligns: columns.map((column) => column.align),
    wordWrap: true,
  });
  const rule = '─'.repeat(gridWidth(columns));
  for (const row of rows) table.push(row === 'rule' ? [{ content: rule, colSpan: columns.length }] : [...row]);
  return table
    .toString()
    .split('\n')
    .map((line) => `  ${line}`.trimEnd());
}

/** Characters of the widest line, without the indent. */
export function gridWidth(columns: readonly GridColumn[]): number {
  return columns.reduce((sum, column) => sum + column.width + GAP, -GAP);
}

const NO_FRAME = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
    'middle',
  ].map((name) => [name, '']),
);
