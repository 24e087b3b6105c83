import type { HerdReport } from '../report/herd-schema.js';
import { completedOf } from '../report/herd-wording.js';
import { formatCount, formatDurationMs } from '../units.js';

const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
/** Where nothing was accepted. */
const NONE = '·';

/** A line of accepts over time for each policy, measured above theory, all on one scale of time and of height. */
export function herdChart(report: HerdReport, width: number): string[] {
  const rows = completedOf(report.policies);
  if (rows.length === 0) return [];
  const labels = rows.map(({ policy }) => policy);
  const labelWidth = Math.max('(theory)'.length, ...labels.map((label) => label.length)) + 2;
  const bins = Math.max(
    1,
    ...rows.flatMap(({ series }) => [series.accepts.measured, series.accepts.theory].map(lastShown)),
  );
  const perCell = Math.max(1, Math.ceil(bins / Math.max(10, width - labelWidth)));
  const cellMs = perCell * report.herd.binMs;
  const lines = rows.map(({ policy, series }) => ({
    policy,
    measured: cellsOf(series.accepts.measured, perCell, bins),
    theory: cellsOf(series.accepts.theory, perCell, bins),
  }));
  const highest = Math.max(1, ...lines.flatMap(({ measured, theory }) => [...measured, ...theory]));
  const cells = Math.ceil(bins / perCell);
  const until = formatDurationMs(cells * cellMs);
  return [
    ...lines.flatMap(({ policy, measured, theory }) => [
      policy.padEnd(labelWidth) + bar(measured, highest),
      '(theory)'.padEnd(labelWidth) + bar(theory, highest),
    ]),
    `${' '.repeat(labelWidth)}0${until.padStart(Math.max(until.length + 1, cells - 1))}`,
    `Accepts after the loss, ${formatDurationMs(cellMs)} a character, █ is ${formatCount(highest)}, ${NONE} none.`,
  ];
}

/** Bins up to the last with a client in it: theory's tail would make the rest too coarse to see. */
function lastShown(series: readonly number[]): number {
  return series.findLastIndex((count) => count >= 0.5) + 1;
}

function cellsOf(series: readonly number[], perCell: number, bins: number): number[] {
  const cells = Array.from({ length: Math.ceil(bins / perCell) }, () => 0);
  for (const [bin, count] of series.entries()) {
    const cell = Math.floor(bin / perCell);
    if (cell < cells.length) cells[cell] = (cells[cell] ?? 0) + count;
  }
  return cells;
}

/** The lowest block stands for anything that rounds to one client or more. */
function bar(cells: readonly number[], highest: number): string {
  return cells
    .map((count) => (count < 0.5 ? NONE : (BLOCKS[Math.min(7, Math.floor((8 * count) / highest))] ?? NONE)))
    .join('')
    .trimEnd();
}
