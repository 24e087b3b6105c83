import { isPublisherLate } from '../report/caveats.js';
import { type Estimate, latencyEstimate, serverCpuEstimate } from '../report/estimate.js';
import type { CompletedRow, Report, ReportRow } from '../report/schema.js';
import { hasPercentiles, type Tolerance, toleranceOf } from '../report/tolerance.js';
import { between, latencyMs, plainFigure } from '../report/wording.js';
import { formatBytes, formatCount, formatDurationMs } from '../units.js';
import type { Style } from './ansi.js';

/** What a figure that was not measured looks like; why stands below the table or in `notMeasured`. */
export const NO_FIGURE = '–';

/** One figure of one row: the figure itself and, where there is more to say, a second line. */
export interface Cell {
  readonly main: string;
  readonly second: string;
  readonly style: Style;
}

/** A column of the table that a decision is made from; the terminal's and the Markdown table are made of these. */
export interface Column {
  readonly header: readonly string[];
  /** Characters; 0: whatever is left. */
  readonly width: number;
  readonly align: 'left' | 'right';
  /** Whether a narrow terminal can do without it. */
  readonly optional: boolean;
  readonly cell: (row: ReportRow) => Cell;
}

/** The columns of a report's table, the technique's name first. */
export function columnsOf({ scenario }: Pick<Report, 'scenario'>): Column[] {
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

function column(
  header: Column['header'],
  width: number,
  cellOf: Column['cell'],
  options: Partial<Pick<Column, 'align' | 'optional'>> = {},
): Column {
  return { header, width, cell: cellOf, align: 'right', optional: false, ...options };
}

function cell(main: string, second = '', style: Style = 'plain'): Cell {
  return { main, second, style };
}

function ofCompleted(cellOf: (row: CompletedRow) => Cell): Column['cell'] {
  return (row) => (row.state === 'completed' ? cellOf(row) : cell(NO_FIGURE));
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

/** The figure above its interval, or the range of its rounds. */
function estimateCell({ value, bounds }: Estimate, format: (value: number) => string): Cell {
  if (value === null) return cell(NO_FIGURE);
  const range = bounds === null ? '' : between(format(bounds.low), format(bounds.high));
  return cell(format(value), range.includes('–') ? range : '');
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

function bytesCell({ spread: { bytesPerMessage } }: CompletedRow): Cell {
  const figure = (value: number | null) => (value === null ? NO_FIGURE : plainFigure(value));
  return cell(`${figure(bytesPerMessage.down.median)} ↓`, `${figure(bytesPerMessage.up.median)} ↑`);
}

function cpuCell(row: CompletedRow): Cell {
  return estimateCell(serverCpuEstimate(row), plainFigure);
}

function memoryCell({ spread }: CompletedRow): Cell {
  const { median } = spread.rssPerClientBytes;
  return cell(median === null ? NO_FIGURE : formatBytes(median));
}

function deliveredCell({ delivery: { expected, lost, duplicated, reordered }, recovery }: CompletedRow): Cell {
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

const VERDICT_STYLES = { valid: 'green', suspect: 'yellow', saturated: 'red', invalid: 'red' } as const;

function verdictCell(row: ReportRow): Cell {
  if (row.state !== 'completed') return cell(row.state, '', 'red');
  return cell(row.verdict, '', VERDICT_STYLES[row.verdict]);
}
