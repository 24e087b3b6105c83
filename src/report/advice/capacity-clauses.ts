import { formatDurationMs } from '../../units.js';
import { isLimited, orderOfBounds } from '../capacity/bounds.js';
import type { CapacityReport, CapacityRow } from '../capacity/schema.js';
import { capacitySentence, levelInWords } from '../capacity/wording.js';
import { listed } from '../wording.js';
import type { LoadClauses, Subject } from './loads.js';

/** How much the advised row carries, and who carries more. */
export function capacityClauses(
  file: string,
  { transports, find, objective }: CapacityReport,
  { own, rivals }: Subject,
): LoadClauses {
  const row = transports[own];
  if (row === undefined) return { inFavour: [], against: [], changes: [], notes: [] };
  const kept = `p99 within ${formatDurationMs(objective.p99Ms)} and every message delivered`;
  const clause = `how much it carries with ${kept}: ${capacitySentence(row, find)} (${file})`;
  const others = rivals.flatMap((index) => transports[index] ?? []);
  return {
    inFavour: row.pass === null ? [] : [clause],
    against: row.pass === null ? [clause] : [],
    changes: isLimited(row) ? [beyond(row, others, { file, find })] : [],
    notes: [],
  };
}

function beyond(
  row: CapacityRow,
  others: readonly CapacityRow[],
  { file, find }: { readonly file: string; readonly find: CapacityReport['find'] },
): string {
  const more = others.filter((other) => orderOfBounds(other, row) === 'higher');
  const level = levelInWords(row.fail ?? 0, find);
  const reason = row.failReasons[0] === undefined ? '' : ` (${row.failReasons[0]})`;
  const then =
    more.length === 0
      ? 'nothing else that is in time was found to carry more'
      : `${listed(more.map(({ label, pass }) => `${label} still does at ${levelInWords(pass ?? 0, find)}`))}`;
  return `At ${level} ${row.label} does not keep the objective${reason}; ${then} (${file}).`;
}
