import type { BrowserLimits } from '../report/browser-limits-schema.js';
import {
  BROWSER_LIMITS_LEGEND,
  browserLimitsNotes,
  browserLimitsStatements,
  browserLimitsTitle,
} from '../report/browser-limits-wording.js';
import { paintWith } from './ansi.js';
import { LIMIT_COLUMNS, limitCell } from './browser-limits-columns.js';
import { type GridColumn, grid } from './grid.js';
import { foot, paragraph, section, wrapName } from './layout.js';
import type { RenderOptions } from './reporter.js';

const MAX_WIDTH = 100;
const MIN_WIDTH = 70;
const MAX_LABEL_WIDTH = 28;

/** What one page holds open, for a terminal: a line a transport. */
export function renderBrowserLimitsTable(report: BrowserLimits, options: Omit<RenderOptions, 'details'>): string {
  const width = Math.min(Math.max(options.width, MIN_WIDTH), MAX_WIDTH);
  const paint = paintWith(options.color);
  const labelWidth = Math.min(MAX_LABEL_WIDTH, Math.max(9, ...report.limits.map(({ label }) => label.length)));
  const columns: GridColumn[] = [
    { width: labelWidth, align: 'left' },
    ...LIMIT_COLUMNS.map((column): GridColumn => ({ width: column.width, align: 'right' })),
  ];
  const bold = (title: string, columnWidth: number) =>
    wrapName(title, columnWidth)
      .map((line) => paint('bold', line))
      .join('\n');
  const lines = [
    '',
    ...paragraph(browserLimitsTitle(report), width).map((line) => paint('bold', line)),
    ...(report.interrupted ? paragraph('Interrupted: not everything was measured.', width) : []),
    '',
    ...grid(columns, [
      [bold('technique', labelWidth), ...LIMIT_COLUMNS.map((column) => bold(column.title, column.width))],
      'rule',
      ...report.limits.map((limit) => [
        wrapName(limit.label, labelWidth).join('\n'),
        ...LIMIT_COLUMNS.map((column) => limitCell(limit, column)),
      ]),
    ]),
    '',
    ...section('What this says', browserLimitsStatements(report), width, paint),
    ...section('Notes on single rows', browserLimitsNotes(report), width, paint),
    ...section('How to read it', BROWSER_LIMITS_LEGEND, width, paint),
    ...foot(report, width, paint),
  ];
  return `${lines.join('\n')}\n`;
}
