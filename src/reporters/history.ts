import { HISTORY_COLUMNS, type HistoryPoint } from '../report/history.js';
import { textCell } from './csv.js';

export type HistoryFormat = 'csv' | 'jsonl';

/** The first line of a CSV file; JSON lines have none. */
export const HISTORY_HEADER = `${HISTORY_COLUMNS.join(',')}\n`;

/** A line for each figure, to be appended. What was not measured is an empty cell, or `null`; never 0. */
export function renderHistory(points: readonly HistoryPoint[], format: HistoryFormat): string {
  return points.map((point) => `${format === 'csv' ? csvLine(point) : JSON.stringify(point)}\n`).join('');
}

function csvLine(point: HistoryPoint): string {
  return HISTORY_COLUMNS.map((column) => {
    const value = point[column];
    if (value === null) return '';
    return typeof value === 'number' ? String(value) : textCell(value);
  }).join(',');
}
