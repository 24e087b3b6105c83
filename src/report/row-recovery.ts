import { describeHistogram, mergeHistograms } from './distribution.js';
import type { NotMeasured } from './not-measured.js';
import type { FaultEffect } from './recovery-schema.js';
import type { Recovery } from './round-recovery.js';
import type { CompletedRun } from './schema.js';
import { spreadOf } from './statistics.js';

const NOBODY_DROPPED = 'no connection was lost';
const SOME_AWAY = 'a client was still away when the run ended';

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
    },
    notMeasured: { ...described.notMeasured, ...reasonsOf(faults) },
  };
}

function together(effects: readonly FaultEffect[]): FaultEffect {
  const median = (figure: (effect: FaultEffect) => number | null) => spreadOf(effects.map(figure)).median;
  const sum = (count: (effect: FaultEffect) => number) => effects.reduce((total, effect) => total + count(effect), 0);
  /** Where one round has no such time, nor has the row: it would be that of the lucky rounds. */
  const medianOfAll = (figure: (effect: FaultEffect) => number | null) =>
    effects.some((effect) => effect.clientsDropped > 0 && figure(effect) === null) ? null : median(figure);
  return {
    fault: effects[0]?.fault ?? '',
    atMs: median(({ atMs }) => atMs) ?? 0,
    lastedMs: median(({ lastedMs }) => lastedMs) ?? 0,
    connections: median(({ connections }) => connections),
    clientsDropped: sum(({ clientsDropped }) => clientsDropped),
    clientsAway: sum(({ clientsAway }) => clientsAway),
    noticeUs: {
      p50: median(({ noticeUs }) => noticeUs.p50),
      p99: median(({ noticeUs }) => noticeUs.p99),
      max: spreadOf(effects.map(({ noticeUs }) => noticeUs.max)).max,
    },
    backUs: {
      p50: medianOfAll(({ backUs }) => backUs.p50),
      p99: medianOfAll(({ backUs }) => backUs.p99),
      all: medianOfAll(({ backUs }) => backUs.all),
    },
    attempts: {
      mean: median(({ attempts }) => attempts.mean),
      max: spreadOf(effects.map(({ attempts }) => attempts.max)).max,
    },
  };
}

/** Why figures of faults are null, by `recovery.faults[0].backUs`. */
export function reasonsOf(faults: readonly FaultEffect[]): NotMeasured {
  const notMeasured: NotMeasured = {};
  for (const [index, { connections, clientsDropped, backUs }] of faults.entries()) {
    const path = `recovery.faults[${index}]`;
    if (connections === null) notMeasured[`${path}.connections`] = 'it is not done to single connections';
    if (clientsDropped === 0) {
      for (const figures of ['noticeUs', 'backUs', 'attempts']) notMeasured[`${path}.${figures}`] = NOBODY_DROPPED;
    } else if (Object.values(backUs).includes(null)) {
      notMeasured[`${path}.backUs`] = SOME_AWAY;
    }
  }
  return notMeasured;
}
