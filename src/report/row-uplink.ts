import { describeHistogram, mergeHistograms, withheldDistribution } from './distribution.js';
import { type NotMeasured, reasonFor } from './not-measured.js';
import { middle, type Runs, total } from './over-rounds.js';
import type { CompletedRun } from './schema.js';
import { spreadOf } from './statistics.js';

type UplinkOfRun = NonNullable<CompletedRun['uplink']>;

/** Over the rounds: counts are summed, latencies merged, the rate is the median. */
export function combineUplink(runs: Runs): { uplink: UplinkOfRun | null; notMeasured: NotMeasured } {
  if (runs.every(({ uplink }) => uplink === null)) return { uplink: null, notMeasured: {} };
  const sum = (count: (uplink: UplinkOfRun) => number) => total(runs, ({ uplink }) => (uplink ? count(uplink) : 0));
  const taken = sum((uplink) => uplink.taken);
  const merged = (name: 'latencyUs' | 'serviceLatencyUs') => {
    const encoded = runs.map(({ uplink }) => uplink?.[name].histogram ?? null);
    const path = `uplink.${name}`;
    if (encoded.every((histogram) => histogram === null)) return withheldDistribution(path, reasonOf(runs, path));
    return describeHistogram(path, mergeHistograms(encoded), { count: taken, noun: 'messages' });
  };
  const latency = merged('latencyUs');
  const service = merged('serviceLatencyUs');
  return {
    uplink: {
      sent: sum((uplink) => uplink.sent),
      unsent: sum((uplink) => uplink.unsent),
      taken,
      lost: sum((uplink) => uplink.lost),
      duplicated: sum((uplink) => uplink.duplicated),
      reordered: sum((uplink) => uplink.reordered),
      foreign: sum((uplink) => uplink.foreign),
      ratePerSecond: middle(runs, ({ uplink }) => uplink?.ratePerSecond ?? null),
      latencyUs: latency.distribution,
      serviceLatencyUs: service.distribution,
      scheduleLagUs: {
        p50: middle(runs, ({ uplink }) => uplink?.scheduleLagUs.p50 ?? null),
        p99: middle(runs, ({ uplink }) => uplink?.scheduleLagUs.p99 ?? null),
        max: spreadOf(runs.map(({ uplink }) => uplink?.scheduleLagUs.max ?? null)).max,
      },
    },
    notMeasured: { ...latency.notMeasured, ...service.notMeasured },
  };
}

function reasonOf(runs: Runs, path: string): string {
  const reasons = runs.flatMap(({ notMeasured }) => reasonFor(notMeasured, path) ?? []);
  return [...new Set(reasons)].join('; ') || 'no round measured it';
}
