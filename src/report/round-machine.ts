import type { NotMeasured } from './not-measured.js';
import type { RoundMeasurement } from './round-measurement.js';
import type { CompletedRun } from './schema.js';

const NO_CPU = 'this system does not tell what the whole machine does (/proc/stat)';
const NO_LIMIT = 'this system does not tell whether a CPU limit held the processes back (cgroup cpu.stat)';

/** What the whole machine did between the two ends of the window, other programs included. */
export function machineOf({ machine: { settled, windowEnd } }: RoundMeasurement): {
  machine: CompletedRun['machine'];
  notMeasured: NotMeasured;
} {
  const from = settled.cpu;
  const to = windowEnd.cpu;
  const known = from !== null && to !== null && to.capacityMs > from.capacityMs;
  const capacityMs = known ? to.capacityMs - from.capacityMs : 0;
  const busyMs = known ? to.busyMs - from.busyMs : null;
  const stealMs = known ? to.stealMs - from.stealMs : null;
  const throttledMs =
    settled.throttledMs !== null && windowEnd.throttledMs !== null ? windowEnd.throttledMs - settled.throttledMs : null;
  return {
    machine: {
      busyMs,
      busyShare: busyMs === null ? null : busyMs / capacityMs,
      stealShare: stealMs === null ? null : stealMs / capacityMs,
      throttledMs,
    },
    notMeasured: {
      ...(known ? {} : { 'machine.busyMs': NO_CPU, 'machine.busyShare': NO_CPU, 'machine.stealShare': NO_CPU }),
      ...(throttledMs === null ? { 'machine.throttledMs': NO_LIMIT } : {}),
    },
  };
}
