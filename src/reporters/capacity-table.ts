import type { CapacityReport } from '../report/capacity/schema.js';
import { capacityLegend, capacityNotes, capacityStatements, capacityTitle } from '../report/capacity/wording.js';
import { paintWith } from './ansi.js';
import { capacityChart, capacityColumns } from './capacity-parts.js';
import { type GridColumn, grid, gridWidth } from './grid.js';
import { foot, paragraph, section, wrapName } from './layout.js';
import { loadFacts } from './prose.js';
import type { RenderOptions } from './reporter.js';

const MAX_WIDTH = 100;
const MIN_WIDTH = 60;
const NAME_WIDTH = 16;
const CHART_HEIGHT = 14;

/** Capacities for a terminal: a line a technique, then every trial as a chart. */
export function renderCapacityTable(report: CapacityReport, options: Omit<RenderOptions, 'details'>): string {
  const width = Math.min(Math.max(options.width, MIN_WIDTH), MAX_WIDTH);
  const paint = paintWith(options.color);
  const layout: GridColumn[] = [{ width: NAME_WIDTH, align: 'left' }];
  // What a narrow terminal has no room for is in the file, and most of it in the sentences below.
  const shown = capacityColumns(report).filter((column) => {
    const fits = 2 + gridWidth([...layout, { width: column.width, align: 'right' }]) <= width;
    if (fits) layout.push({ width: column.width, align: 'right' });
    return fits;
  });
  const lines = [
    '',
    ...paragraph(capacityTitle(report), width).map((line) => paint('bold', line)),
    ...paragraph(`From ${loadFacts(report.scenario).join(' · ')}.`, width).map((line) => paint('dim', line)),
    ...(report.interrupted ? paragraph('Interrupted: not every search came to its end.', width) : []),
    '',
    ...grid(layout, [
      [
        '',
        ...shown.map(({ title, width: size }) =>
          wrapName(title, size)
            .map((line) => paint('bold', line))
            .join('\n'),
        ),
      ],
      'rule',
      ...report.transports.map((row) => [
        wrapName(row.label, NAME_WIDTH).join('\n'),
        ...shown.map(({ cell, width: size }) => wrapName(cell(row), size).join('\n')),
      ]),
    ]),
    '',
    ...capacityChart(report, { width: width - 2, height: CHART_HEIGHT }).map((line) => `  ${line}`),
    '',
    ...section('What this says', capacityStatements(report), width, paint),
    ...section('What to think of it', capacityNotes(report), width, paint),
    ...section('How to read it', capacityLegend(report), width, paint),
    ...foot(report, width, paint),
  ];
  return `${lines.join('\n')}\n`;
}
