import { linearRegression } from 'simple-statistics';
import type { PressureSample, SlowReaderSample } from '../protocol/standing.js';
import { describeHistogram, mergeHistograms } from './distribution.js';
import type { NotMeasured } from './not-measured.js';
import type { RoundMeasurement, SlowReadersMeasurement } from './round-measurement.js';
import type { CompletedRun } from './schema.js';

type SlowReaders = NonNullable<CompletedRun['slowReaders']>;

export const NOBODY_SLOW = 'every client reads as fast as it can (no --slow-readers)';
const NOTHING_WAITS =
  'polls have nothing waiting for a client: the server answers one when it is asked, within the bounds of an answer';
const SOME_LEFT = 'some lost their connections, and what was on its way in them';

/** What slow readers did to the server in one round, and what became of them. */
export function slowReadersOf(measured: RoundMeasurement): {
  slowReaders: SlowReaders | null;
  notMeasured: NotMeasured;
} {
  const { slowReaders: slow, server, due } = measured;
  const before = server.settled.slowReaders;
  const atEnd = server.windowEnd.slowReaders;
  const after = server.drained.slowReaders;
  if (!slow || !before || !atEnd || !after) {
    return { slowReaders: null, notMeasured: { slowReaders: NOBODY_SLOW } };
  }
  const { tally } = slow.worker;
  const latency = describeHistogram('slowReaders.latencyUs', mergeHistograms([tally.latency]), {
    count: due,
    noun: 'publishes',
  });
  const waiting = waitingOf(measured, atEnd);
  const onTheWayBytes = onTheWay(slow, atEnd);
  return {
    slowReaders: {
      clients: slow.clients,
      latencyUs: latency.distribution,
      delivery: {
        expected: tally.delivery.expected,
        delivered: tally.delivery.delivered,
        missed: tally.delivery.lost,
        duplicated: tally.delivery.duplicated,
        reordered: tally.delivery.reordered,
      },
      ...lossesBetween(before, after, 'slow'),
      connectionsLost: tally.connections.dropped,
      closeCodes: tally.connections.closeCodes,
      heard: [...new Set(tally.errors)],
      others: lossesBetween(before, after, 'others'),
      memory: {
        rssBytes: growth(atEnd.pressure, ({ rssBytes }) => rssBytes),
        heapUsedBytes: growth(atEnd.pressure, ({ heapUsedBytes }) => heapUsedBytes),
        externalBytes: growth(atEnd.pressure, ({ externalBytes }) => externalBytes),
      },
      ...waiting.figures,
      onTheWayBytes,
    },
    notMeasured: {
      ...latency.notMeasured,
      ...waiting.notMeasured,
      ...(atEnd.pressure.length < 2 ? { 'slowReaders.memory': 'the window was too short to look twice' } : {}),
      ...(onTheWayBytes === null ? { 'slowReaders.onTheWayBytes': SOME_LEFT } : {}),
    },
  };
}

/** Deliveries to slow readers that nothing accounts for: neither a policy nor the end of the history. */
export function unaccountedFor(slowReaders: CompletedRun['slowReaders']): number {
  if (slowReaders === null || slowReaders.disconnected > 0 || slowReaders.gaps > 0) return 0;
  return Math.max(0, slowReaders.delivery.missed - slowReaders.dropped);
}

function lossesBetween(before: SlowReaderSample, after: SlowReaderSample, who: 'slow' | 'others') {
  const [from, to] = [before.standing[who], after.standing[who]];
  return {
    dropped: to.dropped - from.dropped,
    disconnected: to.disconnected - from.disconnected,
    gaps: to.gaps - from.gaps,
  };
}

function waitingOf({ row }: RoundMeasurement, { pressure }: SlowReaderSample) {
  const over = (value: (sample: PressureSample) => number) => ({
    end: value(pressure.at(-1) as PressureSample),
    peak: Math.max(...pressure.map(value)),
  });
  if (row.profile.delivery === 'pull' || pressure.length === 0) {
    const nothing = { end: null, peak: null };
    return {
      figures: { waitingBytes: nothing, behindMessages: nothing, full: nothing },
      notMeasured: {
        'slowReaders.waitingBytes': NOTHING_WAITS,
        'slowReaders.behindMessages': NOTHING_WAITS,
        'slowReaders.full': NOTHING_WAITS,
      },
    };
  }
  return {
    figures: {
      waitingBytes: over(({ slow }) => slow.waitingBytes),
      behindMessages: over(({ slow }) => slow.behindMessages),
      full: over(({ slow }) => slow.full),
    },
    notMeasured: {},
  };
}

function onTheWay({ worker }: SlowReadersMeasurement, { writtenBytes, standing }: SlowReaderSample): number | null {
  const readBytes = worker.tally.readAtWindowEndBytes ?? null;
  const { disconnected, gaps } = standing.slow;
  if (readBytes === null || disconnected + gaps + worker.tally.connections.dropped > 0) return null;
  return Math.max(0, writtenBytes - readBytes);
}

function growth(samples: readonly PressureSample[], value: (sample: PressureSample) => number) {
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined || first === last) {
    return { start: null, end: null, peak: null, perSecond: null };
  }
  const points = samples.map((sample) => [(sample.atUs - first.atUs) / 1_000_000, value(sample)]);
  return {
    start: value(first),
    end: value(last),
    peak: Math.max(...samples.map(value)),
    perSecond: linearRegression(points).m,
  };
}
