import { LatencyHistogram } from '../metrics/histogram.js';
import type { Outage } from '../metrics/tally.js';
import { canResume, spellFault } from '../scenario/faults.js';
import { describeHistogram } from './distribution.js';
import type { NotMeasured } from './not-measured.js';
import type { FaultEffect } from './recovery-schema.js';
import { type InjectedFault, type RoundMeasurement, sumOver } from './round-measurement.js';
import { reasonsOf } from './row-recovery.js';
import type { CompletedRun } from './schema.js';

export type Recovery = NonNullable<CompletedRun['recovery']>;

const NO_COMING_BACK = 'nothing was done to the run, and clients do not come back by themselves (--fault, --reconnect)';

/** What the faults of one round did, and how clients came back from drops. */
export function recoveryOf({ faults, workers, row, window }: RoundMeasurement): {
  recovery: Recovery | null;
  notMeasured: NotMeasured;
} {
  if (!faults) return { recovery: null, notMeasured: { recovery: NO_COMING_BACK } };
  if (row.profile.inProcess) {
    return { recovery: null, notMeasured: { recovery: 'inside one process there is nothing to break' } };
  }
  const outages = workers.flatMap(({ tally }) => tally.recovery?.outages ?? []);
  const histogram = new LatencyHistogram();
  for (const { droppedUs, backUs } of outages) if (backUs !== null) histogram.record(backUs - droppedUs);
  const effects = faults.injected.map((fault, index) =>
    effectOf(fault, outagesOf(outages, fault, faults.injected[index + 1]), window.startUs),
  );
  const described = describeHistogram('recovery.reconnectUs', histogram, {
    count: histogram.count,
    noun: 'reconnections',
  });
  return {
    recovery: {
      resumed: faults.plan.resume && canResume(row),
      faults: effects,
      reconnectUs: described.distribution,
      missed: sumOver(workers, ({ tally }) => tally.recovery?.missed ?? 0),
      recovered: sumOver(workers, ({ tally }) => tally.recovery?.recovered ?? 0),
      outstanding: sumOver(workers, ({ tally }) => tally.recovery?.outstanding ?? 0),
    },
    notMeasured: { ...described.notMeasured, ...reasonsOf(effects) },
  };
}

/** The first outage of each client between this fault and the next one. */
function outagesOf(outages: readonly Outage[], { atUs }: InjectedFault, next: InjectedFault | undefined): Outage[] {
  const first = new Map<number, Outage>();
  for (const outage of outages) {
    const { client, droppedUs } = outage;
    if (droppedUs < atUs || droppedUs >= (next?.atUs ?? Number.POSITIVE_INFINITY)) continue;
    if (droppedUs < (first.get(client)?.droppedUs ?? Number.POSITIVE_INFINITY)) first.set(client, outage);
  }
  return [...first.values()];
}

function effectOf(injected: InjectedFault, outages: readonly Outage[], windowUs: number): FaultEffect {
  const { fault, atUs, overUs, connections } = injected;
  const noticed = sorted(outages.map(({ droppedUs }) => droppedUs - atUs));
  const back = sorted(outages.map(({ backUs }) => (backUs === null ? Number.POSITIVE_INFINITY : backUs - atUs)));
  const attempts = outages.map((outage) => outage.attempts);
  const some = outages.length > 0;
  return {
    fault: spellFault(fault),
    atMs: (atUs - windowUs) / 1_000,
    lastedMs: (overUs - atUs) / 1_000,
    connections,
    clientsDropped: outages.length,
    clientsAway: outages.filter(({ backUs }) => backUs === null).length,
    noticeUs: { p50: share(noticed, 0.5), p99: share(noticed, 0.99), max: share(noticed, 1) },
    backUs: { p50: share(back, 0.5), p99: share(back, 0.99), all: share(back, 1) },
    attempts: {
      mean: some ? attempts.reduce((sum, each) => sum + each, 0) / attempts.length : null,
      max: some ? Math.max(...attempts) : null,
    },
  };
}

function sorted(valuesUs: readonly number[]): number[] {
  return [...valuesUs].sort((a, b) => a - b);
}

/** The value that this share of all do not exceed; `null` where there is none, or it never came. */
function share(ascending: readonly number[], part: number): number | null {
  const value = ascending[Math.max(0, Math.ceil(part * ascending.length) - 1)];
  return value === undefined || value === Number.POSITIVE_INFINITY ? null : Math.round(value);
}
