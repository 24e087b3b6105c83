import { cpuShareBetween } from '../metrics/cpu-watch.js';
import { LatencyHistogram } from '../metrics/histogram.js';
import type { Outage } from '../metrics/tally.js';
import { canResume, isSilent, spellFault } from '../scenario/faults.js';
import { describeHistogram } from './distribution.js';
import { mostWithin } from './herd-theory.js';
import type { NotMeasured } from './not-measured.js';
import type { FaultEffect } from './recovery-schema.js';
import { type InjectedFault, type RoundMeasurement, type ServerWatch, sumOver } from './round-measurement.js';
import { reasonsOf } from './row-recovery.js';
import type { CompletedRun } from './schema.js';

export type Recovery = NonNullable<CompletedRun['recovery']>;

const NO_COMING_BACK = 'nothing was done to the run, and clients do not come back by themselves (--fault, --reconnect)';

/** What the faults of one round did, and how clients came back from drops. */
export function recoveryOf(measured: RoundMeasurement): { recovery: Recovery | null; notMeasured: NotMeasured } {
  const { faults, workers, row } = measured;
  if (!faults) return { recovery: null, notMeasured: { recovery: NO_COMING_BACK } };
  if (row.profile.inProcess) {
    return { recovery: null, notMeasured: { recovery: 'inside one process there is nothing to break' } };
  }
  const outages = workers.flatMap(({ tally }) => tally.recovery?.outages ?? []);
  const histogram = new LatencyHistogram();
  for (const { droppedUs, backUs } of outages) if (backUs !== null) histogram.record(backUs - droppedUs);
  const effects = effectsOf(measured);
  const unaware = unawareClients(measured);
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
      outstanding: sumOver(workers, ({ tally }) => tally.recovery?.outstanding ?? 0) + unaware.missing,
      unaware: unaware.clients,
    },
    notMeasured: { ...described.notMeasured, ...reasonsOf(effects) },
  };
}

function effectsOf(measured: RoundMeasurement): FaultEffect[] {
  const injected = measured.faults?.injected ?? [];
  return injected.map((fault, index) => effectOf(measured, fault, injected[index + 1]));
}

/**
 * Clients whose connection died silently and that have not noticed, and the deliveries that they lack. They lack the last
 * that were due to them and take themselves for connected; that is put down to the fault only if they are no more than
 * the connections that it struck and nobody noticed.
 */
export function unawareClients(measured: RoundMeasurement): { readonly clients: number; readonly missing: number } {
  const silent = measured.workers.flatMap(({ tally }) => tally.recovery?.silent ?? []);
  const dead = effectsOf(measured).reduce((sum, { clientsUnaware }) => sum + clientsUnaware, 0);
  if (silent.length > dead) return { clients: 0, missing: 0 };
  return { clients: silent.length, missing: silent.reduce((sum, missing) => sum + missing, 0) };
}

/** Why the bytes of this round are no technique's, where connections died silently. */
export function silentWaste({ faults }: RoundMeasurement): string | undefined {
  const dead = (faults?.injected ?? []).some(({ fault, connections }) => isSilent(fault) && (connections ?? 0) > 0);
  return dead ? 'the server went on writing to connections that were silently dead, which nobody got' : undefined;
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

/** Width of the window in which accepts are counted, ms: several fit into the half second of the guide's jitter. */
const ACCEPTS_WINDOW_MS = 100;

function effectOf(measured: RoundMeasurement, injected: InjectedFault, next: InjectedFault | undefined): FaultEffect {
  const { fault, atUs, overUs, connections } = injected;
  const { faults, row, workers, window } = measured;
  const all = workers.flatMap(({ tally }) => tally.recovery?.outages ?? []);
  const outages = outagesOf(all, injected, next);
  const unaware = isSilent(fault) ? Math.max(0, (connections ?? 0) - outages.length) : 0;
  const never = Array.from({ length: unaware }, () => Number.POSITIVE_INFINITY);
  const noticed = sorted([...outages.map(({ droppedUs }) => droppedUs - atUs), ...never]);
  const back = sorted([
    ...outages.map(({ backUs }) => (backUs === null ? Number.POSITIVE_INFINITY : backUs - atUs)),
    ...never,
  ]);
  const attempts = outages.map((outage) => outage.attempts);
  const some = outages.length > 0;
  return {
    fault: spellFault(fault),
    atMs: (atUs - window.startUs) / 1_000,
    lastedMs: (overUs - atUs) / 1_000,
    connections,
    clientsDropped: outages.length,
    clientsUnaware: unaware,
    promisedNoticeMs: isSilent(fault) ? row.noticesMs : null,
    clientsAway: outages.filter(({ backUs }) => backUs === null).length,
    noticeUs: { p50: share(noticed, 0.5), p99: share(noticed, 0.99), max: share(noticed, 1) },
    backUs: { p50: share(back, 0.5), p99: share(back, 0.99), all: share(back, 1) },
    attempts: {
      mean: some ? attempts.reduce((sum, each) => sum + each, 0) / attempts.length : null,
      max: some ? Math.max(...attempts) : null,
    },
    peakAccepts: peakAcceptsOf(faults?.serverWatch ?? null, atUs, next?.atUs ?? Number.POSITIVE_INFINITY),
    serverCpu: serverCpuOf(faults?.serverWatch ?? null, atUs, outages),
  };
}

function peakAcceptsOf(watch: ServerWatch | null, fromUs: number, untilUs: number): FaultEffect['peakAccepts'] {
  if (watch === null) return null;
  const times = watch.accepts.atUs.filter((us) => us >= fromUs && us < untilUs);
  const most = mostWithin(times, 1_000 * ACCEPTS_WINDOW_MS);
  return {
    perSecond: watch.accepts.complete ? (1_000 * most) / ACCEPTS_WINDOW_MS : null,
    windowMs: ACCEPTS_WINDOW_MS,
  };
}

function serverCpuOf(watch: ServerWatch | null, atUs: number, outages: readonly Outage[]): FaultEffect['serverCpu'] {
  if (watch === null) return null;
  const untilUs = Math.max(...outages.map(({ backUs }) => backUs ?? Number.POSITIVE_INFINITY));
  const used = outages.length === 0 ? null : cpuShareBetween(watch.cpu, atUs, untilUs);
  return { share: used?.share ?? null, overMs: used === null ? null : used.overUs / 1_000 };
}

function sorted(valuesUs: readonly number[]): number[] {
  return [...valuesUs].sort((a, b) => a - b);
}

/** The value that this share of all do not exceed; `null` where there is none, or it never came. */
function share(ascending: readonly number[], part: number): number | null {
  const value = ascending[Math.max(0, Math.ceil(part * ascending.length) - 1)];
  return value === undefined || value === Number.POSITIVE_INFINITY ? null : Math.round(value);
}
