import type { LatencyOverTime } from '../metrics/tally.js';
import type { NotMeasured } from './not-measured.js';
import type { RoundMeasurement, WorkerMeasurement } from './round-measurement.js';
import type { CompletedRun } from './schema.js';

type OverTime = CompletedRun['overTime'];

/** Latency of one round through its window, and why it is null where it is. */
export function overTimeOf(
  { workload }: Pick<RoundMeasurement, 'workload'>,
  probes: readonly WorkerMeasurement[],
): { overTime: OverTime; notMeasured: NotMeasured } {
  const kept = probes.flatMap(({ tally }) => tally.overTime ?? []);
  const [first] = kept;
  if (first === undefined || kept.length < probes.length) {
    return { overTime: null, notMeasured: { overTime: reasonOf(probes) } };
  }
  const slices = first.count.map((_, slice) => sliceOf(kept, slice));
  return {
    overTime: {
      sliceMs: workload.durationMs / slices.length,
      count: slices.map(({ count }) => count),
      meanUs: slices.map(({ count, sumUs }) => (count === 0 ? null : Math.round(sumUs / count))),
      maxUs: slices.map(({ count, maxUs }) => (count === 0 ? null : maxUs)),
    },
    notMeasured: {},
  };
}

function sliceOf(kept: readonly LatencyOverTime[], slice: number): { count: number; sumUs: number; maxUs: number } {
  const added = (pick: (one: LatencyOverTime) => readonly number[]) =>
    kept.reduce((sum, one) => sum + (pick(one)[slice] ?? 0), 0);
  return {
    count: added(({ count }) => count),
    sumUs: added(({ sumUs }) => sumUs),
    maxUs: Math.max(...kept.map(({ maxUs }) => maxUs[slice] ?? 0)),
  };
}

function reasonOf(probes: readonly WorkerMeasurement[]): string {
  return probes.some(({ tally }) => tally.staleness === null)
    ? 'too many deliveries to the probes to keep when each came: lower --rate or --duration'
    : 'the rows of a round ran side by side and published in turns, so that a window has gaps (--interleave)';
}
