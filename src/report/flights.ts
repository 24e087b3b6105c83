import type { RoundMeasurement, WorkerMeasurement } from './round-measurement.js';

/** A backlog of this share of the window is one that grew. */
const BACKLOG_SHARE = 0.1;

/** Of messages due so early in the window that even the longest wait ends in it, how many it saw arrive everywhere. */
export function arrivedInWindow({
  row,
  workload,
  window: { dueOffsetsUs },
  workers,
  network,
  target,
}: Pick<RoundMeasurement, 'row' | 'workload' | 'window' | 'workers' | 'network' | 'target'>): {
  readonly due: number;
  readonly arrived: number;
} {
  // What arrived is not matched with what was due.
  if (target?.observed) return { due: 0, arrived: 0 };
  const endUs = workload.durationMs * 1_000;
  const { rttMs = 0, jitterMs = 0 } = network?.conditions ?? {};
  // A request that waits for an answer, and that answer.
  const waitMs = row.worstWaitMs + 2 * (rttMs + 2 * jitterMs);
  // Of a server that cannot be looked at, only a backlog tells that it cannot keep up.
  const longestMs = waitMs + (target ? BACKLOG_SHARE * workload.durationMs : 0);
  let due = 0;
  let arrived = 0;
  for (let index = 0; index < dueOffsetsUs.length; index++) {
    const offsetUs = dueOffsetsUs[index] ?? 0;
    if (offsetUs >= endUs - longestMs * 1_000) break;
    due++;
    const lastUs = Math.max(...workers.map(({ tally }) => tally.lastUs[index] ?? -1));
    if (lastUs >= 0 && offsetUs + lastUs <= endUs) arrived++;
  }
  return { due, arrived };
}

/**
 * How busy the event loop of a load process was between a publish and its last delivery here, as a share of that time:
 * all it did in the window, over the time in which a message was on its way. An upper bound, since it does a little
 * between messages too. Null where nothing was on its way.
 */
export function busyInFlight({ samples, tally }: WorkerMeasurement, dueOffsetsUs: ArrayLike<number>): number | null {
  let flightUs = 0;
  let flownUntilUs = 0;
  for (let index = 0; index < dueOffsetsUs.length; index++) {
    const dueUs = dueOffsetsUs[index] ?? 0;
    const lastUs = tally.lastUs[index] ?? -1;
    if (lastUs < 0) continue;
    const endUs = dueUs + lastUs;
    flightUs += Math.max(0, endUs - Math.max(dueUs, flownUntilUs));
    flownUntilUs = Math.max(flownUntilUs, endUs);
  }
  const activeUs = (samples.windowEnd.loopActiveMs - samples.settled.loopActiveMs) * 1_000;
  return flightUs > 0 ? Math.min(1, activeUs / flightUs) : null;
}
