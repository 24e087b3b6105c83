import { isPublisherLate } from '../report/caveats.js';
import { latencyEstimate } from '../report/estimate.js';
import { isObservedReport } from '../report/observed-wording.js';
import type { CompletedRow, Report } from '../report/schema.js';
import { hasPercentiles, type Tolerance, toleranceOf } from '../report/tolerance.js';
import { latencyMs } from '../report/wording.js';
import { formatBytes, formatCount, formatDurationMs } from '../units.js';
import {
  bytesCell,
  type Cell,
  type Column,
  cell,
  column,
  cpuCell,
  estimateCell,
  NO_FIGURE,
  ofCompleted,
  verdictCell,
} from './column.js';
import { observedColumns } from './observed-columns.js';

export { type Cell, type Column, NO_FIGURE } from './column.js';

/** The columns of a report's table, the technique's name first. */
export function columnsOf(report: Pick<Report, 'scenario' | 'target'>): Column[] {
  if (isObservedReport(report)) return observedColumns(report);
  const { scenario } = report;
  const tolerated = formatDurationMs(scenario.toleratesMs);
  return [
    column(['technique'], 0, (row) => cell(row.label), { align: 'left' }),
    column(['latency', 'p50', 'ms'], 9, ofCompleted(p50Cell)),
    column(['latency', 'p99', 'ms'], 9, ofCompleted(p99Cell)),
    column(
      ['within', tolerated],
      7,
      ofCompleted((row) => toleranceCell(row, scenario.toleratesMs)),
    ),
    column(['TCP bytes', '/delivery'], 9, ofCompleted(bytesCell)),
    column(['server', 'CPU µs', '/delivery'], 9, ofCompleted(cpuCell)),
    column(['server', 'memory', '/client'], 8, ofCompleted(memoryCell), { optional: true }),
    column(['delivered'], 9, ofCompleted(deliveredCell), { optional: true }),
    column(['verdict'], 9, verdictCell, { align: 'left' }),
  ];
}

function p50Cell(row: CompletedRow): Cell {
  if (!hasPercentiles(row)) return cell(NO_FIGURE);
  const { main, second } = estimateCell(latencyEstimate(row, 'p50'), latencyMs);
  return cell(isPublisherLate(row) ? `${main}*` : main, second);
}

function p99Cell(row: CompletedRow): Cell {
  if (!hasPercentiles(row)) return cell(NO_FIGURE);
  return estimateCell(latencyEstimate(row, 'p99'), latencyMs);
}

const TOLERANCE_CELLS: Readonly<Record<Tolerance, Cell>> = {
  within: cell('yes', '', 'green'),
  borderline: cell('partly', '', 'yellow'),
  over: cell('no', '', 'red'),
  unknown: cell(NO_FIGURE),
};

function toleranceCell(row: CompletedRow, toleratesMs: number): Cell {
  return row.verdict === 'invalid' ? cell(NO_FIGURE) : TOLERANCE_CELLS[toleranceOf(row, toleratesMs)];
}

function memoryCell({ spread }: CompletedRow): Cell {
  const { median } = spread.rssPerClientBytes;
  return cell(median === null ? NO_FIGURE : formatBytes(median));
}

function deliveredCell({ delivery: { expected, lost, duplicated, reordered }, recovery }: CompletedRow): Cell {
  if (expected === null || lost === null || duplicated === null || reordered === null) return cell(NO_FIGURE);
  const missed = (recovery?.missed ?? 0) + (recovery?.outstanding ?? 0);
  const faults = [
    ...(lost > missed ? [`${formatCount(lost - missed)} lost`] : []),
    ...(missed > 0 ? [`${formatCount(missed)} missed`] : []),
    ...(duplicated > 0 ? [`${formatCount(duplicated)} twice`] : []),
    ...(reordered > 0 ? [`${formatCount(reordered)} late`] : []),
  ];
  const [main, ...others] = faults;
  if (main !== undefined)
    return cell(main, others.length > 0 ? others.join(' ') : `of ${formatCount(expected)}`, 'red');
  return expected === 0 ? cell(NO_FIGURE) : cell('100 %');
}
