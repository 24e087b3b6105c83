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
  const binMs = report.herd.binMs;
  const all = rows.flatMap(({ series }) => [series.accepts.measured, series.accepts.theory]);
  const end = Math.max(1, ...all.map(lastShown));
  // Nobody is accepted while the server is away: one bin of that is enough to see.
  const start = Math.max(0, Math.min(...all.map(firstShown)) - 1);
  const perCell = Math.max(1, Math.ceil((end - start) / Math.max(10, width - labelWidth)));
  const cellsOf = (series: readonly number[]) => summed(series.slice(start, end), perCell, end - start);
  const lines = rows.map(({ policy, series: { accepts } }) => ({
    policy,
    measured: cellsOf(accepts.measured),
    theory: cellsOf(accepts.theory),
  }));
  const highest = Math.max(1, ...lines.flatMap(({ measured, theory }) => [...measured, ...theory]));
  const cells = Math.ceil((end - start) / perCell);
  const [from, until] = [start, start + cells * perCell].map((bin) => formatDurationMs(bin * binMs));
  return [
    ...lines.flatMap(({ policy, measured, theory }) => [
      policy.padEnd(labelWidth) + bar(measured, highest),
      '(theory)'.padEnd(labelWidth) + bar(theory, highest),
    ]),
    `${' '.repeat(labelWidth)}${from} ${until?.padStart(cells - 1 - (from?.length ?? 0))}`,
    `Accepts by time after the loss, ${formatDurationMs(perCell * binMs)} a character, █ is ${formatCount(highest)}, ${NONE} none.`,
  ];
}

/** The first bin with a client in it; the last of all where there is none. */
function firstShown(series: readonly number[]): number {
  const bin = series.findIndex((count) => count >= 0.5);
  return bin === -1 ? series.length : bin;
}

/** Bins up to the last with a client in it: theory's tail would make the rest too coarse to see. */
function lastShown(series: readonly number[]): number {
  return series.findLastIndex((count) => count >= 0.5) + 1;
}

function summed(series: readonly number[], perCell: number, bins: number): number[] {
  const cells = Array.from({ length: Math.ceil(bins / perCell) }, () => 0);
  for (const [bin, count] of series.entries()) {
    const cell = Math.floor(bin / perCell);
    cells[cell] = (cells[cell] ?? 0) + count;
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
