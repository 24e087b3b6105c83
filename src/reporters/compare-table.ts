import type { ComparedVerdict, ComparisonReport } from '../report/compare/schema.js';
import { comparisonCaveats, comparisonLegend, comparisonSentence } from '../report/compare/wording.js';
import { type Paint, paintWith, type Style } from './ansi.js';
import {
  CHANGE_HEAD,
  changeCells,
  changesOf,
  marksLegend,
  RATIO_HEAD,
  ratioLines,
  sideFacts,
} from './compare-parts.js';
import { type GridColumn, grid, gridWidth } from './grid.js';
import { item, paragraph, section, wrapName } from './layout.js';
import type { RenderOptions } from './reporter.js';

const MAX_WIDTH = 100;
const MIN_WIDTH = 60;
const NAME_WIDTH = 18;
const RATIO_WIDTH = 7;

const STYLES: Readonly<Record<ComparedVerdict, Style>> = {
  worse: 'red',
  better: 'green',
  'no difference': 'plain',
  'too few rounds': 'dim',
  'not measured': 'dim',
};

/** Two results against each other, for a terminal: what has changed, then every ratio. */
export function renderComparison(report: ComparisonReport, options: Omit<RenderOptions, 'details'>): string {
  const width = Math.min(Math.max(options.width, MIN_WIDTH), MAX_WIDTH);
  const paint = paintWith(options.color);
  const lines = [
    '',
    ...paragraph(`${report.title}: head against base`, width).map((line) => paint('bold', line)),
    ...item(sideFacts(report.base), width, 'base').map((line) => paint('dim', line)),
    ...item(sideFacts(report.head), width, 'head').map((line) => paint('dim', line)),
    '',
    ...paragraph(comparisonSentence(report), width),
    '',
    ...changes(report, width, paint),
    ...ratios(report, width, paint),
    '',
    ...section('What to know', comparisonCaveats(report), width, paint),
    ...section('How to read it', comparisonLegend(), width, paint),
  ];
  return `${lines.join('\n')}\n`;
}

/** In a narrow terminal, a block for each; else a line. */
function changes(report: ComparisonReport, width: number, paint: Paint): string[] {
  const changed = changesOf(report);
  if (changed.length === 0) return [];
  if (width < MAX_WIDTH) {
    return changed
      .flatMap((change) => {
        const [label, title, base, head, ratio, verdict] = changeCells(change);
        return [
          ...paragraph(`${label}: ${title}`, width).map((line) => paint('bold', line)),
          `    ${base} → ${head}   ${ratio}   ${paint(STYLES[change.verdict], verdict ?? '')}`,
        ];
      })
      .concat('');
  }
  const columns: GridColumn[] = [
    { width: NAME_WIDTH, align: 'left' },
    { width: 24, align: 'left' },
    { width: 10, align: 'right' },
    { width: 10, align: 'right' },
    { width: 18, align: 'right' },
    { width: 6, align: 'left' },
  ];
  return [
    ...grid(columns, [
      CHANGE_HEAD.map((title) => paint('bold', title)),
      'rule',
      ...changed.map((change) => {
        const [label = '', ...cells] = changeCells(change);
        const verdict = paint(STYLES[change.verdict], cells.pop() ?? '');
        return [wrapName(label, NAME_WIDTH).join('\n'), ...cells, verdict];
      }),
    ]),
    '',
  ];
}

function ratios(report: ComparisonReport, width: number, paint: Paint): string[] {
  const lines = ratioLines(report);
  if (lines.length === 0) return ['  No row is in both.'];
  const columns: GridColumn[] = [{ width: NAME_WIDTH, align: 'left' }];
  // What a narrow terminal has no room for is in the file, and above where it has changed.
  const shown = RATIO_HEAD.slice(1).filter(() => {
    const column: GridColumn = { width: RATIO_WIDTH, align: 'right' };
    const fits = 2 + gridWidth([...columns, column]) <= width;
    if (fits) columns.push(column);
    return fits;
  });
  const legend = marksLegend(report);
  return [
    ...grid(columns, [
      ['head / base', ...shown].map((title) => paint('bold', title)),
      'rule',
      ...lines.map(({ label, cells }) => [
        wrapName(label, NAME_WIDTH).join('\n'),
        ...cells.slice(0, shown.length).map(({ text, verdict }) => paint(STYLES[verdict], text)),
      ]),
    ]),
    ...(legend === '' ? [] : [paint('dim', `  ${legend}`)]),
  ];
}
