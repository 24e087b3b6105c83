import { formatDurationMs } from '../../units.js';
import { type Choice, cpuRatio } from '../choice.js';
import { bytesBothWays } from '../delivery-cost.js';
import { latencyEstimate, serverCpuEstimate } from '../estimate.js';
import type { CompletedRow } from '../schema.js';
import { completedRuns, spreadOf } from '../statistics.js';
import { between, latencyMs, listed } from '../wording.js';
import type { MeasuredRanking } from './measured-advice.js';

/** `0.4 × the server CPU and 1.5 × the bytes per delivery of SSE`: a clause that can stand behind "at". */
export function costAgainst(choice: Choice, row: CompletedRow, over: CompletedRow): string {
  const cpu = cpuRatio(choice, row, over);
  const ofCpu =
    cpu === undefined
      ? 'server CPU that was not compared'
      : cpu.different
        ? `${times(cpu.ratio)} the server CPU`
        : 'about the same server CPU (not told apart)';
  return `${ofCpu} and ${bytesAgainst(row, over)} per delivery of ${over.label}`;
}

function bytesAgainst(row: CompletedRow, over: CompletedRow): string {
  const [own, other] = [bytesOf(row), bytesOf(over)];
  if (own === null || other === null || other === 0) return 'bytes that were not measured';
  return Math.abs(own / other - 1) < 0.005 ? 'the same bytes' : `${times(own / other)} the bytes`;
}

/** A ratio in two digits. */
function times(ratio: number): string {
  return `${Number(ratio.toPrecision(2))} ×`;
}

/** Median of the rounds; `null`: not measured. */
export function bytesOf(row: CompletedRow): number | null {
  return spreadOf(completedRuns(row).map(bytesBothWays)).median;
}

/** p99 in ms: the lowest and the highest of the rounds, or that of all of them. */
export function p99Of(row: CompletedRow): string {
  const { min, max } = row.spread.latencyUs.p99;
  if (min !== null && max !== null) return `${between(latencyMs(min), latencyMs(max))} ms`;
  const { value } = latencyEstimate(row, 'p99');
  return value === null ? 'unknown' : `${latencyMs(value)} ms`;
}

/** What the figures have for the first of the best. */
export function figuresFor({ choice, best, next }: MeasuredRanking): string[] {
  const [row] = best;
  if (row === undefined) return [];
  const others = best.slice(1).map(({ label }) => label);
  const [runnerUp] = next?.rows ?? [];
  return [
    `in time: p99 ${p99Of(row)}, within ${formatDurationMs(choice.toleratesMs)} in every round`,
    ...(runnerUp === undefined ? [] : [`at ${costAgainst(choice, row, runnerUp)}, the runner-up`]),
    ...(others.length === 0 ? [] : [`not told apart from ${listed(others)}: any of them will do`]),
  ];
}

/** What others that are in time have better than it. */
export function figuresAgainst({ choice, best }: MeasuredRanking): string[] {
  const [row] = best;
  if (row === undefined) return [];
  const others = choice.places.filter(({ tolerance }) => tolerance === 'within').flatMap(({ rows }) => rows);
  return others.flatMap((other) => {
    const cpu = cpuRatio(choice, other, row);
    const [own, theirs] = [bytesOf(row), bytesOf(other)];
    return [
      ...(cpu?.different && cpu.ratio < 1
        ? [`${other.label} takes ${times(cpu.ratio)} its server CPU per delivery`]
        : []),
      ...(own !== null && theirs !== null && theirs < own * 0.99
        ? [`${other.label} sends ${times(theirs / own)} its bytes per delivery`]
        : []),
    ];
  });
}

/** The figures that the choice was made by, for a table. */
export function figuresOf(row: CompletedRow): {
  readonly p99Us: number | null;
  readonly serverCpuUs: number | null;
  readonly bytes: number | null;
} {
  return {
    p99Us: latencyEstimate(row, 'p99').value,
    serverCpuUs: serverCpuEstimate(row).value,
    bytes: bytesOf(row),
  };
}
