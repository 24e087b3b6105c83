import { caveats } from '../report/caveats.js';
import { conclusions } from '../report/conclusions.js';
import { likeness, type Overlay, type OverlayRow, ordered, type Source } from '../report/overlay.js';
import { titleOf } from '../report/scale-wording.js';
import type { Report } from '../report/schema.js';
import { type Paint, paintWith } from './ansi.js';
import { cardsOf } from './cards.js';
import { type GridRow, grid } from './grid.js';
import { foot, paragraph, section, wrapName } from './layout.js';
import { type OverlayColumn, overlayColumns } from './overlay-columns.js';
import { reasonsByRow, verdictSentence, workloadFacts } from './prose.js';
import type { RenderOptions } from './reporter.js';

const MIN_WIDTH = 56;
const TABLE_WIDTH = 80;
const MAX_WIDTH = 120;

/** Several reports in one table for a terminal, rows of the same technique below each other. */
export function renderOverlayTable(shown: Overlay, options: RenderOptions): string {
  const width = Math.min(Math.max(options.width, MIN_WIDTH), MAX_WIDTH);
  const paint = paintWith(options.color);
  const each = (title: string, texts: (report: Report) => string[]) =>
    shown.sources.flatMap(({ name, report }) => section(`${title}: ${name}`, texts(report), width, paint));
  const lines = [
    '',
    paint('bold', `  ${shown.sources.length} results side by side`),
    ...likeness(shown).flatMap((text) => paragraph(text, width).map((line) => paint('yellow', line))),
    '',
    ...shown.sources.flatMap((source) => sourceLines(source, width, paint)),
    ...comparison(shown, width, paint),
    '',
    ...each('What this says', conclusions),
    ...each('Notes on single rows', rowNotes),
    ...(options.details ? each('What it does not say', caveats) : []),
    ...shown.sources.flatMap(({ report }) => foot(report, width, paint)),
  ];
  return `${lines.join('\n')}\n`;
}

function sourceLines({ name, report }: Source, width: number, paint: Paint): string[] {
  return [
    paint('bold', `  ${name}: ${titleOf(report.scenario)}`),
    ...paragraph(`${workloadFacts(report).join(' · ')}.`, width).map((line) => paint('dim', line)),
    ...paragraph(verdictSentence(report), width),
    '',
  ];
}

function comparison(shown: Overlay, width: number, paint: Paint): string[] {
  const all = overlayColumns(shown);
  const rows = ordered(shown.rows);
  if (width < TABLE_WIDTH) return cardsOf(rows, all, ({ row }) => row.label, width, paint);
  const columns = all.filter((column) => width >= MAX_WIDTH || !column.optional);
  const fixed = columns.reduce((sum, column) => sum + column.width, 0) + 2 * (columns.length - 1);
  const sized = columns.map((column) => (column.width > 0 ? column : { ...column, width: width - 2 - fixed }));
  return grid(sized, [
    columns.map(({ header }) => header.map((line) => paint('bold', line)).join('\n')),
    ...rows.flatMap((row, index): GridRow[] => [
      ...(row.technique === rows[index - 1]?.technique ? [] : ['rule' as const]),
      sized.map((column) => cellText(column, row, paint)),
    ]),
  ]);
}

function cellText(column: OverlayColumn, row: OverlayRow, paint: Paint): string {
  const { main, second, style } = column.cell(row);
  const lines = wrapName(main, column.width).map((line) => paint(style, line));
  return [...lines, ...(second === '' ? [] : [paint('dim', second)])].join('\n');
}

function rowNotes(report: Report): string[] {
  return reasonsByRow(report.transports).flatMap(({ label, state, reasons }) =>
    reasons.map((reason) => `${label} (${state}): ${reason}`),
  );
}
