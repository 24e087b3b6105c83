import type { MatrixReport, MatrixScenario } from '../report/matrix/schema.js';
import {
  AGREEMENT_WORDS,
  choicesOf,
  MATRIX_TITLE,
  matrixLegend,
  matrixNotes,
  matrixStatements,
  matrixVerdict,
  tolerated,
} from '../report/matrix/wording.js';
import { type Paint, paintWith, type Style } from './ansi.js';
import { chunks } from './detail-tables.js';
import { type GridColumn, type GridRow, grid } from './grid.js';
import { foot, paragraph, section, wrapName } from './layout.js';
import { cellLines, type MatrixColumn, matrixColumns } from './matrix-columns.js';
import type { RenderOptions } from './reporter.js';

const MAX_WIDTH = 100;
const MIN_WIDTH = 56;
const INDENT = 2;
const GAP = 2;
const NAME_WIDTH = 26;
const CELL_WIDTH = 11;

const STYLES: Readonly<Record<MatrixScenario['agreement']['kind'], Style>> = {
  agrees: 'green',
  cheaper: 'yellow',
  misses: 'red',
  undecided: 'plain',
};

/** The matrix for a terminal: a block of lines a use case, a column a transport; then what it says of the guide. */
export function renderMatrixTable(report: MatrixReport, options: Omit<RenderOptions, 'details'>): string {
  const width = Math.min(Math.max(options.width, MIN_WIDTH), MAX_WIDTH);
  const paint = paintWith(options.color);
  const lines = [
    '',
    ...paragraph(MATRIX_TITLE, width).map((line) => paint('bold', line)),
    ...paragraph(matrixVerdict(report), width),
    '',
    ...tables(report, width, paint),
    ...section('What this says', matrixStatements(report), width, paint),
    ...section('Notes on single rows', matrixNotes(report), width, paint),
    ...section('How to read it', matrixLegend(report), width, paint),
    ...foot(report, width, paint),
  ];
  return `${lines.join('\n')}\n`;
}

/** One below the other where the columns do not fit beside each other. */
function tables(report: MatrixReport, width: number, paint: Paint): string[] {
  const perTable = Math.max(1, Math.floor((width - INDENT - NAME_WIDTH) / (CELL_WIDTH + GAP)));
  const columns = matrixColumns(report);
  const parts = columns.length === 0 ? [[]] : chunks(columns, perTable);
  return parts.flatMap((some) => [...grid(layoutOf(some), rowsOf(report, some, paint)), '']);
}

function layoutOf(columns: readonly MatrixColumn[]): GridColumn[] {
  return [
    { width: NAME_WIDTH, align: 'left' },
    ...columns.map((): GridColumn => ({ width: CELL_WIDTH, align: 'right' })),
  ];
}

function rowsOf({ scenarios }: MatrixReport, columns: readonly MatrixColumn[], paint: Paint): GridRow[] {
  const head = columns.map(({ title }) =>
    wrapName(title, CELL_WIDTH)
      .map((line) => paint('bold', line))
      .join('\n'),
  );
  return [
    ['', ...head],
    ...scenarios.flatMap((one): GridRow[] => [
      'rule',
      [
        nameLines(one, paint).join('\n'),
        ...columns.map((column) =>
          cellLines(column.cellOf(one), one)
            .map(({ text, style }) => paint(style, text))
            .join('\n'),
        ),
      ],
    ]),
  ];
}

function nameLines(one: MatrixScenario, paint: Paint): string[] {
  const { kind } = one.agreement;
  return [
    ...wrapName(one.guide.name, NAME_WIDTH).map((line) => paint('bold', line)),
    ...wrapName(tolerated(one), NAME_WIDTH).map((line) => paint('dim', line)),
    ...wrapName(`guide: ${choicesOf(one)}`, NAME_WIDTH),
    paint(STYLES[kind], one.state === 'notMeasured' ? 'not measured' : AGREEMENT_WORDS[kind]),
  ];
}
