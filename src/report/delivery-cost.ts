import type { CompletedRow } from './schema.js';
import type { Ranked } from './standing.js';
import { completedRuns, type RunFigure } from './statistics.js';

/** Rows whose bytes differ by less than this share are a tie: 1 %. Bytes are counted, not sampled. */
const BYTES_TIE = 0.01;

/** Server CPU per delivery, µs. */
export const serverCpu: RunFigure = (run) => run.server.cpuUsPerMessage;

/** Bytes on the wire per delivery, both directions. */
export const bytesBothWays: RunFigure = ({ bytes: { perMessage } }) =>
  perMessage.up === null || perMessage.down === null ? null : perMessage.up + perMessage.down;

/**
 * The rows with the fewest bytes per delivery: the lowest and whatever ties with it, which is closer than `BYTES_TIE`,
 * or has rounds that overlap with its rounds.
 *
 * @param ranked by `bytesBothWays`, lowest first
 */
export function leastBytes(ranked: readonly Ranked[]): Ranked[] {
  const [lowest] = ranked;
  if (lowest === undefined) return [];
  const highestOfLowest = Math.max(...bytesOfRounds(lowest.row));
  return ranked.filter(
    (item) =>
      item === lowest ||
      item.median <= lowest.median * (1 + BYTES_TIE) ||
      Math.min(...bytesOfRounds(item.row)) <= highestOfLowest,
  );
}

function bytesOfRounds(row: CompletedRow): number[] {
  return completedRuns(row).flatMap((run) => bytesBothWays(run) ?? []);
}
