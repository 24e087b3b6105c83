import type { NotMeasured } from '../not-measured.js';
import { isSound, standingOfRun } from '../soundness.js';
import type { SweepRun } from './runs.js';
import type { SweepMeasurement } from './schema.js';

/** A run as it stands in `sweep.json`. */
export function sweepMeasurement({ value, use, warmupMs, durationMs, result, load }: SweepRun): SweepMeasurement {
  const latencyUs =
    result.state === 'completed' ? { p50: result.latencyUs.p50, p99: result.latencyUs.p99 } : { p50: null, p99: null };
  const deliveries = load?.deliveriesPerSecond ?? 0;
  const perDelivery = (perSecond: number | undefined) =>
    perSecond === undefined || deliveries <= 0 ? null : perSecond / deliveries;
  const machineBusyUsPerSecond = load?.machineBusyUsPerSecond ?? null;
  return {
    value,
    use: isSound(result) ? use : 'none',
    warmupMs,
    durationMs,
    ...standingOfRun(result),
    latencyUs,
    perSecond: {
      serverCpuUs: load?.cpuUsPerSecond ?? null,
      bytes: load?.bytesPerSecond ?? null,
      deliveries: load?.deliveriesPerSecond ?? null,
      polls: load?.pollsPerSecond ?? null,
    },
    perDelivery: { serverCpuUs: perDelivery(load?.cpuUsPerSecond), bytes: perDelivery(load?.bytesPerSecond) },
    machineBusyUsPerSecond,
    serverGrownBytes: load?.serverGrownBytes ?? null,
    notMeasured: reasonsFor({ result, load }),
  };
}

function reasonsFor({ result, load }: Pick<SweepRun, 'result' | 'load'>): NotMeasured {
  const notMeasured: NotMeasured = {};
  const why = result.state === 'completed' ? 'the run did not get so far' : `the run was ${result.state}`;
  if (result.state === 'completed') {
    for (const name of ['p50', 'p99'] as const) {
      const path = `latencyUs.${name}`;
      if (result.latencyUs[name] === null) {
        notMeasured[path] = result.notMeasured[path] ?? result.notMeasured.latencyUs ?? 'it has no percentiles';
      }
    }
  } else {
    notMeasured.verdict = why;
    notMeasured.latencyUs = why;
  }
  if (load === null) {
    for (const path of ['perSecond', 'perDelivery', 'machineBusyUsPerSecond', 'serverGrownBytes']) {
      notMeasured[path] = why;
    }
    return notMeasured;
  }
  if (load.deliveriesPerSecond <= 0) notMeasured.perDelivery = 'nothing was delivered';
  if (load.machineBusyUsPerSecond === null) {
    notMeasured.machineBusyUsPerSecond = 'this system does not tell what the whole machine does (/proc/stat)';
  }
  return notMeasured;
}
