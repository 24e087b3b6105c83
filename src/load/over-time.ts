import type { LatencyOverTime } from '../metrics/tally.js';
import type { ArrivalLog } from './arrivals.js';
import type { Schedule } from './schedule.js';

/** Equal parts that a window is cut into. */
export const SLICES = 20;

/**
 * Latency through the window, a slice of time after the other. A delivery belongs to the slice in which its message
 * was due, not to that in which it came: so a message that waited long makes the slice bad that it waited from.
 */
export function latencyOverTime(arrivals: ArrivalLog, schedule: Schedule, durationMs: number): LatencyOverTime {
  const sliceUs = (durationMs * 1_000) / SLICES;
  const count = new Array<number>(SLICES).fill(0);
  const sumUs = new Array<number>(SLICES).fill(0);
  const maxUs = new Array<number>(SLICES).fill(0);
  const { sequenceOfCell, arrivedUs, dueUs } = arrivals;
  for (const [cell, sequence] of sequenceOfCell.entries()) {
    const latencyUs = (arrivedUs[cell] ?? Number.NaN) - (dueUs[sequence] ?? Number.NaN);
    if (sequence < schedule.warmupCount || Number.isNaN(latencyUs)) continue;
    const slice = Math.min(SLICES - 1, Math.floor((schedule.offsetUs[sequence] ?? 0) / sliceUs));
    count[slice] = (count[slice] ?? 0) + 1;
    sumUs[slice] = (sumUs[slice] ?? 0) + latencyUs;
    maxUs[slice] = Math.max(maxUs[slice] ?? 0, latencyUs);
  }
  return { count, sumUs: sumUs.map(Math.round), maxUs: maxUs.map(Math.round) };
}
