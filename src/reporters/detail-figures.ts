import type { CompletedRow } from '../report/schema.js';
import { NO_FIGURE } from './columns.js';

/** Everything measured beyond the table: one line a figure, one column a technique. */
export interface DetailGroup {
  readonly title: string;
  readonly figures: readonly DetailFigure[];
  /** Left out where it applies to none of the rows; by default it applies to all. */
  readonly appliesTo?: (row: CompletedRow) => boolean;
}

export interface DetailFigure {
  readonly label: string;
  readonly value: (row: CompletedRow) => string;
}

/** Where a figure stands in a row. */
export type Getter<Value> = (row: CompletedRow) => Value;

export function figure(label: string, value: Getter<number | null>, format: (value: number) => string): DetailFigure {
  return { label, value: (row) => orDash(value(row), format) };
}

export function orDash(value: number | null, format: (value: number) => string): string {
  return value === null ? NO_FIGURE : format(value);
}
