import { compareLogRatios, type Judged } from './comparison.js';
import { bytesBothWays, serverCpu } from './delivery-cost.js';
import type { CompletedRow } from './schema.js';
import { completedRuns, pairedLogRatios, spreadOf } from './statistics.js';
import { listed } from './wording.js';

/** Bytes that differ by less are the same: they are counted, and some runs have an empty poll more. */
const SAME_BYTES = 0.01;

/**
 * What a variant costs against the first row of its technique, so that nobody takes an encoding or a version of a
 * protocol for the technique: `WebSocket deflate=true against WebSocket: 0.83 times the bytes and 1.46 times the server
 * CPU per delivery.` One sentence for each row beyond the first of its technique, in the order of the rows.
 */
export function variantSentences(rows: readonly CompletedRow[]): string[] {
  const pairs = rows.flatMap((row, index) => {
    const base = rows.slice(0, index).find(({ transport }) => transport === row.transport);
    return base === undefined ? [] : [{ base, row }];
  });
  const cpu = compareLogRatios(pairs.map(({ base, row }) => pairedLogRatios(row, base, serverCpu)));
  return pairs.map(({ base, row }, index) => {
    const parts = [bytesPart(base, row), cpuPart(cpu[index])].filter((part) => part !== undefined);
    const said = parts.length === 0 ? 'neither has a figure that could be compared' : listed(parts);
    return `A variant, not another technique: ${row.label} against ${base.label}: ${said}, per delivery.`;
  });
}

function bytesPart(base: CompletedRow, row: CompletedRow): string | undefined {
  const [before, after] = [base, row].map((each) => spreadOf(completedRuns(each).map(bytesBothWays)).median);
  if (before === null || before === undefined || after === null || after === undefined || before === 0)
    return undefined;
  const ratio = after / before;
  return Math.abs(ratio - 1) < SAME_BYTES ? 'as many bytes' : `${ratio.toFixed(2)} times the bytes`;
}

function cpuPart(judged: Judged | undefined): string | undefined {
  if (judged === undefined || judged.ratio === null) return undefined;
  return judged.different
    ? `${judged.ratio.toFixed(2)} times the server CPU`
    : 'server CPU that the rounds do not tell apart';
}
