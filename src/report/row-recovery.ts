import { isSilent, parseFault } from '../scenario/faults.js';
import { formatDurationMs } from '../units.js';
import { describeHistogram, mergeHistograms } from './distribution.js';
import type { NotMeasured } from './not-measured.js';
import type { FaultEffect } from './recovery-schema.js';
import type { Recovery } from './round-recovery.js';
import type { CompletedRun } from './schema.js';
import { spreadOf } from './statistics.js';

const NOBODY_DROPPED = 'no connection was lost';
const SOME_AWAY = 'a client was still away when the run ended';
const NO_PROMISE =
  'nothing of it looks for a connection that is silently dead at these settings: --heartbeat has it look';
const NOT_SILENT = 'the fault is no silent one';
const TOO_MANY_ACCEPTS = 'the server accepted more connections than it keeps the times of';
const NO_CPU_BOOKS = 'the system does not tell the CPU time of another process';

/** Counts are summed, what a fault did is the median of the rounds, and reconnections are one distribution. */
export function combineRecovery(runs: readonly CompletedRun[]): {
  recovery: Recovery | null;
  notMeasured: NotMeasured;
} {
  const measured = runs.flatMap(({ recovery }) => recovery ?? []);
  const [first] = measured;
  if (first === undefined) return { recovery: null, notMeasured: {} };
  const histogram = mergeHistograms(measured.map(({ reconnectUs }) => reconnectUs.histogram));
  const samples = { count: histogram.count, noun: 'reconnections' };
  const described = describeHistogram('recovery.reconnectUs', histogram, samples);
  const sum = (count: (recovery: Recovery) => number) => measured.reduce((total, each) => total + count(each), 0);
  const faults = first.faults.map((_, index) => together(measured.flatMap((each) => each.faults[index] ?? [])));
  return {
    recovery: {
      resumed: first.resumed,
      faults,
      reconnectUs: described.distribution,
      missed: sum(({ missed }) => missed),
      recovered: sum(({ recovered }) => recovered),
      outstanding: sum(({ outstanding }) => outstanding),
      unaware: sum(({ unaware }) => unaware),
    },
    notMeasured: { ...described.notMeasured, ...reasonsOf(faults) },
  };
}

function together(effects: readonly FaultEffect[]): FaultEffect {
  const [first] = effects;
  const median = (figure: (effect: FaultEffect) => number | null) => spreadOf(effects.map(figure)).median;
  const mostOf = (figure: (effect: FaultEffect) => number | null) => spreadOf(effects.map(figure)).max;
  const sum = (count: (effect: FaultEffect) => number) => effects.reduce((total, effect) => total + count(effect), 0);
  /** Where one round has no such time, nor has the row: it would be that of the lucky rounds. */
  const medianOfAll = (figure: (effect: FaultEffect) => number | null) =>
    effects.some((effect) => effect.clientsDropped + effect.clientsUnaware > 0 && figure(effect) === null)
      ? null
      : median(figure);
  return {
    fault: first?.fault ?? '',
    atMs: median(({ atMs }) => atMs) ?? 0,
    lastedMs: median(({ lastedMs }) => lastedMs) ?? 0,
    connections: median(({ connections }) => connections),
    clientsDropped: sum(({ clientsDropped }) => clientsDropped),
    clientsUnaware: sum(({ clientsUnaware }) => clientsUnaware),
    promisedNoticeMs: first?.promisedNoticeMs ?? null,
    clientsAway: sum(({ clientsAway }) => clientsAway),
    noticeUs: {
      p50: medianOfAll(({ noticeUs }) => noticeUs.p50),
      p99: medianOfAll(({ noticeUs }) => noticeUs.p99),
      max: medianOfAll(({ noticeUs }) => noticeUs.max) === null ? null : mostOf(({ noticeUs }) => noticeUs.max),
    },
    backUs: {
      p50: medianOfAll(({ backUs }) => backUs.p50),
      p99: medianOfAll(({ backUs }) => backUs.p99),
      all: medianOfAll(({ backUs }) => backUs.all),
    },
    attempts: {
      mean: median(({ attempts }) => attempts.mean),
      max: mostOf(({ attempts }) => attempts.max),
    },
    peakAccepts: first?.peakAccepts
      ? { perSecond: median(({ peakAccepts }) => peakAccepts?.perSecond ?? null), windowMs: first.peakAccepts.windowMs }
      : null,
    serverCpu: first?.serverCpu
      ? {
          share: median(({ serverCpu }) => serverCpu?.share ?? null),
          overMs: median(({ serverCpu }) => serverCpu?.overMs ?? null),
        }
      : null,
  };
}

/** Why figures of faults are null, by `recovery.faults[0].backUs`. */
export function reasonsOf(faults: readonly FaultEffect[]): NotMeasured {
  return Object.assign({}, ...faults.map((effect, index) => reasonsOfFault(effect, `recovery.faults[${index}]`)));
}

function reasonsOfFault(effect: FaultEffect, path: string): NotMeasured {
  const { connections, clientsDropped, clientsUnaware, promisedNoticeMs, noticeUs, backUs } = effect;
  const reasons: NotMeasured = {};
  if (connections === null) reasons[`${path}.connections`] = 'it is not done to single connections';
  if (promisedNoticeMs === null) {
    reasons[`${path}.promisedNoticeMs`] = isSilent(parseFault(effect.fault)) ? NO_PROMISE : NOT_SILENT;
  }
  const unaware = clientsUnaware > 0 ? unawareReason(effect) : undefined;
  const nobody = unaware ?? NOBODY_DROPPED;
  if (hasNull(noticeUs)) reasons[`${path}.noticeUs`] = nobody;
  if (hasNull(backUs)) reasons[`${path}.backUs`] = clientsDropped === 0 ? nobody : (unaware ?? SOME_AWAY);
  if (hasNull(effect.attempts)) reasons[`${path}.attempts`] = nobody;
  if (effect.peakAccepts?.perSecond === null) reasons[`${path}.peakAccepts.perSecond`] = TOO_MANY_ACCEPTS;
  if (effect.serverCpu?.share === null) reasons[`${path}.serverCpu`] = clientsDropped === 0 ? nobody : NO_CPU_BOOKS;
  return reasons;
}

function unawareReason({ clientsUnaware, clientsDropped, promisedNoticeMs }: FaultEffect): string {
  const who = `${clientsUnaware} of ${clientsUnaware + clientsDropped} clients never noticed while the run lasted`;
  return promisedNoticeMs === null
    ? `${who}: ${NO_PROMISE}`
    : `${who}: they promise to notice within ${formatDurationMs(promisedNoticeMs)}`;
}

function hasNull(figures: Readonly<Record<string, number | null>>): boolean {
  return Object.values(figures).includes(null);
}
