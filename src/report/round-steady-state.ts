import type { NotMeasured } from './not-measured.js';
import type { WorkerMeasurement } from './round-measurement.js';
import type { CompletedRun } from './schema.js';
import { MIN_POINTS, steadyStateOf } from './steady-state.js';

/** Whether the window was steady, by the latency of each message at the last of the probes. */
export function steadyStateOfProbes(probes: readonly WorkerMeasurement[]): {
  steadyState: CompletedRun['steadyState'];
  notMeasured: NotMeasured;
} {
  const series = probes.flatMap(({ tally }) => tally.lastUs.filter((us) => us >= 0));
  const steadyState = steadyStateOf(series);
  const notMeasured: NotMeasured =
    steadyState === null ? { steadyState: `needs ${MIN_POINTS} messages, there were ${series.length}` } : {};
  return { steadyState, notMeasured };
}
