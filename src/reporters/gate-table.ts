import type { GateFigureResult, GateReport, GateVerdict } from '../report/gate/schema.js';
import {
  changeText,
  gateFacts,
  gateLegend,
  gateSentence,
  gateValue,
  intervalText,
  pText,
  sideText,
  signedPercent,
} from '../report/gate/wording.js';
import { type Paint, paintWith, type Style } from './ansi.js';
import { type GridColumn, grid, gridWidth } from './grid.js';
import { foot, item, paragraph, section } from './layout.js';
import type { RenderOptions } from './reporter.js';

const MAX_WIDTH = 110;
const MIN_WIDTH = 60;
const INDENT = 2;

const STYLES: Readonly<Record<GateVerdict, Style>> = { pass: 'green', regression: 'red', inconclusive: 'yellow' };

interface Column extends GridColumn {
  readonly title: string;
  readonly cell: (figure: GateFigureResult) => string;
}

/** The first ones first: what a narrow terminal has no room for is in the file. */
const COLUMNS: readonly Column[] = [
  { title: '', width: 23, align: 'left', cell: ({ title }) => title },
  { title: 'base', width: 9, align: 'right', cell: ({ unit, baseValue }) => gateValue(unit, baseValue) },
  { title: 'head', width: 9, align: 'right', cell: ({ unit, headValue }) => gateValue(unit, headValue) },
  { title: 'change', width: 8, align: 'right', cell: ({ ratio }) => changeText(ratio) },
  { title: 'verdict', width: 12, align: 'left', cell: ({ verdict }) => verdict },
  { title: '95 % interval', width: 17, align: 'right', cell: ({ interval }) => intervalText(interval) },
  { title: 'p', width: 8, align: 'right', cell: ({ p }) => pText(p) },
];

/** A gate for a terminal: the verdict first, then figure by figure. */
export function renderGateTable(report: GateReport, options: Omit<RenderOptions, 'details'>): string {
  const width = Math.min(Math.max(options.width, MIN_WIDTH), MAX_WIDTH);
  const paint = paintWith(options.color);
  const lines = [
    '',
    ...paragraph(gateSentence(report), width).map((line) => paint(STYLES[report.verdict], line)),
    ...paragraph(gateFacts(report), width).map((line) => paint('dim', line)),
    ...item(sideText(report.base), width, 'base').map((line) => paint('dim', line)),
    ...item(sideText(report.head), width, 'head').map((line) => paint('dim', line)),
    ...(report.interrupted ? paragraph('Interrupted: what came before it is what is judged.', width) : []),
    '',
    ...table(report, width, paint),
    '',
    ...section('Figure by figure', report.figures.map(detailOf), width, paint),
    ...section('Pairs that are not used', discardedOf(report), width, paint),
    ...section('How to read it', gateLegend(report), width, paint),
    ...foot(report, width, paint),
  ];
  return `${lines.join('\n')}\n`;
}

function table({ figures }: GateReport, width: number, paint: Paint): string[] {
  const columns: Column[] = [];
  for (const column of COLUMNS) if (INDENT + gridWidth([...columns, column]) <= width) columns.push(column);
  return grid(columns, [
    columns.map(({ title }) => paint('bold', title)),
    'rule',
    ...figures.map((figure) =>
      columns.map(({ cell, title }) =>
        title === 'verdict' ? paint(STYLES[figure.verdict], cell(figure)) : cell(figure),
      ),
    ),
  ]);
}

function detailOf({ title, reason, threshold, noiseFloor }: GateFigureResult): string {
  const floor = noiseFloor === null ? 'not known' : signedPercent(noiseFloor);
  return `${title}: ${reason} (threshold ${signedPercent(threshold)}, noise floor ${floor})`;
}

function discardedOf({ pairs }: GateReport): string[] {
  return pairs.flatMap(({ round, discarded }) => (discarded === null ? [] : [`pair ${round + 1}: ${discarded}`]));
}
