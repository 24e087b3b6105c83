import { type Estimate, serverCpuEstimate } from '../report/estimate.js';
import type { CompletedRow, ReportRow } from '../report/schema.js';
import { between, plainFigure } from '../report/wording.js';
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

export function column(
  header: Column['header'],
  width: number,
  cellOf: Column['cell'],
  options: Partial<Pick<Column, 'align' | 'optional'>> = {},
): Column {
  return { header, width, cell: cellOf, align: 'right', optional: false, ...options };
}

export function cell(main: string, second = '', style: Style = 'plain'): Cell {
  return { main, second, style };
}

export function ofCompleted(cellOf: (row: CompletedRow) => Cell): Column['cell'] {
  return (row) => (row.state === 'completed' ? cellOf(row) : cell(NO_FIGURE));
}

/** The figure above its interval, or the range of its rounds. */
export function estimateCell({ value, bounds }: Estimate, format: (value: number) => string): Cell {
  if (value === null) return cell(NO_FIGURE);
  const range = bounds === null ? '' : between(format(bounds.low), format(bounds.high));
  return cell(format(value), range.includes('–') ? range : '');
}

export function bytesCell({ spread: { bytesPerMessage } }: CompletedRow): Cell {
  const figure = (value: number | null) => (value === null ? NO_FIGURE : plainFigure(value));
  return cell(`${figure(bytesPerMessage.down.median)} ↓`, `${figure(bytesPerMessage.up.median)} ↑`);
}

export function cpuCell(row: CompletedRow): Cell {
  return estimateCell(serverCpuEstimate(row), plainFigure);
}

const VERDICT_STYLES = { valid: 'green', suspect: 'yellow', saturated: 'red', invalid: 'red' } as const;

export function verdictCell(row: ReportRow): Cell {
  if (row.state !== 'completed') return cell(row.state, '', 'red');
  return cell(row.verdict, '', VERDICT_STYLES[row.verdict]);
}
