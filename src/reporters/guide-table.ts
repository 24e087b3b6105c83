import type { ClaimResult } from '../report/guide/feature.js';
import {
  type GuideCell,
  type GuideLine,
  type GuideTable,
  guideTable,
  stillMissing,
  verdictOf,
} from '../report/guide/table.js';
import type { Report } from '../report/schema.js';
import { type Paint, paintWith, type Style } from './ansi.js';
import { grid } from './grid.js';
import { foot, paragraph, section, wrap, wrapName } from './layout.js';
import { verdictSentence, workloadFacts } from './prose.js';
import type { RenderOptions } from './reporter.js';

const MIN_WIDTH = 56;
/** Narrowest terminal that gets features by techniques; below it a feature is a block. */
const GRID_WIDTH = 132;
const MAX_WIDTH = 180;
const TEXT_WIDTH = 100;
const NAME_WIDTH = 18;
/** Of a block: room for the longest technique of the guide. */
const TECHNIQUE_WIDTH = 15;

export const RESULT_STYLES: Readonly<Record<ClaimResult, Style>> = {
  holds: 'green',
  'does not hold': 'red',
  'not measured': 'dim',
};

/** The guide's own table for a terminal: what it says, and what was found, cell by cell. */
export function renderGuideTable(report: Report, { width, color }: Omit<RenderOptions, 'details'>): string {
  const paint = paintWith(color);
  const wide = Math.min(Math.max(width, MIN_WIDTH), MAX_WIDTH);
  const narrow = Math.min(wide, TEXT_WIDTH);
  const table = guideTable(report);
  const lines = [
    '',
    ...wrap("The guide's table, measured", narrow - 2).map((line) => paint('bold', `  ${line}`)),
    ...paragraph(`${report.scenario.title}: ${workloadFacts(report).join(' · ')}.`, narrow).map((line) =>
      paint('dim', line),
    ),
    ...paragraph(verdictSentence(report), narrow),
    '',
    ...(wide >= GRID_WIDTH ? wideTable(table, wide, paint) : blocks(table, narrow, paint)),
    '',
    ...section('How to read it', [...READING, ...table.notes], narrow, paint),
    ...foot(report, narrow, paint),
  ];
  return `${lines.join('\n')}\n`;
}

const READING = ['"…": what the guide says, and whether that holds here. –: not measured, and what measures it.'];

function wideTable({ columns, lines }: GuideTable, width: number, paint: Paint): string[] {
  const cellWidth = Math.floor((width - 2 - NAME_WIDTH) / columns.length) - 2;
  const shape = [
    { width: NAME_WIDTH, align: 'left' as const },
    ...columns.map(() => ({ width: cellWidth, align: 'left' as const })),
  ];
  const head = [
    '',
    ...columns.map(({ title }) =>
      wrapName(title, cellWidth)
        .map((line) => paint('bold', line))
        .join('\n'),
    ),
  ];
  return grid(shape, [
    head,
    'rule',
    ...lines.flatMap(({ name, cells }, index) => [
      ...(index > 0 ? ['rule' as const] : []),
      [
        wrap(name, NAME_WIDTH)
          .map((line) => paint('bold', line))
          .join('\n'),
        ...cells.map((cell) => cellLines(cell, cellWidth, paint).join('\n')),
      ],
    ]),
  ]);
}

function blocks({ lines }: GuideTable, width: number, paint: Paint): string[] {
  return lines.flatMap((line, index) => [...(index > 0 ? [''] : []), ...block(line, width, paint)]);
}

function block({ name, cells }: GuideLine, width: number, paint: Paint): string[] {
  const indent = ' '.repeat(TECHNIQUE_WIDTH + 4);
  return [
    paint('bold', `  ${name}`),
    ...cells.flatMap((cell) => {
      const [first = '', ...others] = cellLines(cell, width - indent.length, paint);
      const [title = '', ...rest] = wrap(cell.column.title, TECHNIQUE_WIDTH);
      // A title of two lines takes the place of the indent.
      const heads = [title, ...rest].map((line) => `  ${line.padEnd(TECHNIQUE_WIDTH)}  `);
      const texts = [first, ...others];
      const height = Math.max(heads.length, texts.length);
      return Array.from({ length: height }, (_, at) => `${heads[at] ?? indent}${texts[at] ?? ''}`.trimEnd());
    }),
  ];
}

/** What the guide says and its result; then what was found. */
function cellLines(cell: GuideCell, width: number, paint: Paint): string[] {
  const verdict = verdictOf(cell);
  const style = cell.judgement === null ? 'plain' : RESULT_STYLES[cell.judgement.result];
  return [
    ...(verdict === null ? [] : wrap(verdict, width).map((line) => paint(style, line))),
    ...cell.lines.flatMap((text) => wrap(text, width)),
    ...stillMissing(cell).flatMap((text) => wrap(`– ${text}`, width).map((line) => paint('dim', line))),
  ];
}
