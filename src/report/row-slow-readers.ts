import { sumByKey } from '../metrics/tally.js';
import { describeHistogram, mergeHistograms } from './distribution.js';
import type { NotMeasured } from './not-measured.js';
import { middle, type Runs, total } from './over-rounds.js';
import type { CompletedRun } from './schema.js';
import { type RunFigure, spreadOf } from './statistics.js';

type SlowReaders = NonNullable<CompletedRun['slowReaders']>;
type Growth = SlowReaders['memory']['rssBytes'];

/** Over the rounds: counts are summed, latencies merged, memory and what waited the median; peaks the highest. */
export function combineSlowReaders(runs: Runs): {
  slowReaders: SlowReaders | null;
  notMeasured: NotMeasured;
} {
  const { slowReaders: first } = runs[0];
  if (first === null) return { slowReaders: null, notMeasured: {} };
  const ofEach = (value: (slow: SlowReaders) => number) =>
    total(runs, (run) => (run.slowReaders ? value(run.slowReaders) : 0));
  const figureOf =
    (value: (slow: SlowReaders) => number | null): RunFigure =>
    (run) =>
      run.slowReaders ? value(run.slowReaders) : null;
  const highest = (value: (slow: SlowReaders) => number | null) => spreadOf(runs.map(figureOf(value))).max;
  const endAndPeak = (of: (slow: SlowReaders) => SlowReaders['full']) => ({
    end: middle(
      runs,
      figureOf((slow) => of(slow).end),
    ),
    peak: highest((slow) => of(slow).peak),
  });
  const growth = (of: (slow: SlowReaders) => Growth): Growth => ({
    start: middle(
      runs,
      figureOf((slow) => of(slow).start),
    ),
    end: middle(
      runs,
      figureOf((slow) => of(slow).end),
    ),
    peak: highest((slow) => of(slow).peak),
    perSecond: middle(
      runs,
      figureOf((slow) => of(slow).perSecond),
    ),
  });
  const losses = (of: (slow: SlowReaders) => SlowReaders['others']) => ({
    dropped: ofEach((slow) => of(slow).dropped),
    disconnected: ofEach((slow) => of(slow).disconnected),
    gaps: ofEach((slow) => of(slow).gaps),
  });
  const latency = describeHistogram(
    'slowReaders.latencyUs',
    mergeHistograms(runs.map(({ slowReaders }) => slowReaders?.latencyUs.histogram ?? null)),
    { count: total(runs, (run) => run.delivery.published ?? 0), noun: 'publishes' },
  );
  return {
    slowReaders: {
      clients: first.clients,
      latencyUs: latency.distribution,
      delivery: {
        expected: ofEach(({ delivery }) => delivery.expected),
        delivered: ofEach(({ delivery }) => delivery.delivered),
        missed: ofEach(({ delivery }) => delivery.missed),
        duplicated: ofEach(({ delivery }) => delivery.duplicated),
        reordered: ofEach(({ delivery }) => delivery.reordered),
      },
      ...losses((slow) => slow),
      connectionsLost: ofEach(({ connectionsLost }) => connectionsLost),
      closeCodes: sumByKey(runs.map(({ slowReaders }) => slowReaders?.closeCodes ?? {})),
      heard: [...new Set(runs.flatMap(({ slowReaders }) => slowReaders?.heard ?? []))],
      others: losses(({ others }) => others),
      memory: {
        rssBytes: growth(({ memory }) => memory.rssBytes),
        heapUsedBytes: growth(({ memory }) => memory.heapUsedBytes),
        externalBytes: growth(({ memory }) => memory.externalBytes),
      },
      waitingBytes: endAndPeak(({ waitingBytes }) => waitingBytes),
      behindMessages: endAndPeak(({ behindMessages }) => behindMessages),
      full: endAndPeak(({ full }) => full),
      onTheWayBytes: middle(
        runs,
        figureOf(({ onTheWayBytes }) => onTheWayBytes),
      ),
    },
    notMeasured: latency.notMeasured,
  };
}
