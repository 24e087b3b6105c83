import type { ReportRow } from '../report/schema.js';
import { counted } from '../report/wording.js';
import { reasonsByRow } from './prose.js';

/** What a report says of single rows: `short` for whoever looks at the table, `all` for whoever asks. */
export interface RowNotes {
  /** One for each row that has something: the first reason, and how much more there is. */
  readonly short: readonly string[];
  readonly all: readonly string[];
  /** Whether `short` leaves something out. */
  readonly isShortened: boolean;
}

/** Such a reason tells of a run that was thrown away; it says nothing against the figures. */
const MEASURED_AGAIN = /^(round \d+: )?measured a second time/;

export function rowNotes(rows: readonly ReportRow[]): RowNotes {
  const byRow = reasonsByRow(rows);
  const all = byRow.flatMap(({ label, state, reasons }) => reasons.map((one) => `${label} (${state}): ${one}`));
  const isShortened = all.length > byRow.length || byRow.some(({ reasons }) => reasons.some(isAgain));
  if (!isShortened) return { short: all, all, isShortened };
  const short = byRow.map(({ label, state, reasons }) => `${label} (${state}): ${inShort(reasons)}`);
  return { short, all, isShortened };
}

function inShort(reasons: readonly string[]): string {
  const again = reasons.filter(isAgain).length;
  const [first, ...others] = reasons.filter((reason) => !isAgain(reason));
  return [
    ...(first === undefined ? [] : [first]),
    ...(others.length > 0 ? [`and ${counted(others.length, 'more note')}`] : []),
    ...(again > 0 ? [`${counted(again, 'round')} measured a second time`] : []),
  ].join('; ');
}

function isAgain(reason: string): boolean {
  return MEASURED_AGAIN.test(reason);
}
