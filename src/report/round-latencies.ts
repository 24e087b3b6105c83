import { LatencyHistogram } from '../metrics/histogram.js';
import type { Tally } from '../metrics/tally.js';
import { MIN_WAITS_PER_WINDOW } from '../scenario/limits.js';
import {
  type DescribedDistribution,
  describeHistogram,
  mergeHistograms,
  withheldDistribution,
} from './distribution.js';
import type { NotMeasured } from './not-measured.js';
import { type RoundMeasurement, sumOver, type WorkerMeasurement } from './round-measurement.js';
import type { CompletedRun } from './schema.js';
import type { Judgement } from './verdicts.js';

type Latencies = Pick<
  CompletedRun,
  | 'latencyUs'
  | 'serviceLatencyUs'
  | 'crowdLatencyUs'
  | 'firstRecipientUs'
  | 'lastRecipientUs'
  | 'connectUs'
  | 'notMeasured'
>;

/** Latencies of one round, and why those are null that are. */
export function latenciesOf(
  { row, workload, due, workers }: RoundMeasurement,
  probes: readonly WorkerMeasurement[],
  crowd: readonly WorkerMeasurement[],
  { verdict }: Judgement,
): Latencies {
  const notMeasured: NotMeasured = {};
  const take = ({ distribution, notMeasured: reasons }: DescribedDistribution) => {
    Object.assign(notMeasured, reasons);
    return distribution;
  };
  const withheld =
    verdict === 'saturated'
      ? 'the server was saturated: latency would only say how long the window was'
      : shortWindow({ row, workload });
  const publishes = { count: sumOver(probes, ({ tally }) => tally.publishesReceived), noun: 'publishes' };
  const describe = (name: string, histogram: LatencyHistogram, samples = publishes) =>
    take(withheld === undefined ? describeHistogram(name, histogram, samples) : withheldDistribution(name, withheld));
  const merged = (
    name: string,
    of: readonly WorkerMeasurement[],
    pick: (tally: Tally) => string,
    samples = publishes,
  ) => describe(name, mergeHistograms(of.map(({ tally }) => pick(tally))), samples);
  const window = { count: due, noun: 'publishes' };
  const connects = mergeHistograms(workers.map(({ tally }) => tally.connect));
  return {
    latencyUs: merged('latencyUs', probes, (tally) => tally.latency),
    serviceLatencyUs: merged('serviceLatencyUs', probes, (tally) => tally.serviceLatency),
    crowdLatencyUs:
      crowd.length > 0
        ? merged('crowdLatencyUs', crowd, (tally) => tally.latency, window)
        : take(withheldDistribution('crowdLatencyUs', 'every client of this workload is a probe')),
    firstRecipientUs: describe(
      'firstRecipientUs',
      perMessage(workers, (tally) => tally.firstUs, Math.min),
      window,
    ),
    lastRecipientUs: describe(
      'lastRecipientUs',
      perMessage(workers, (tally) => tally.lastUs, Math.max),
      window,
    ),
    connectUs: take(describeHistogram('connectUs', connects, { count: connects.count, noun: 'connections' })),
    notMeasured,
  };
}

/** Why a window gives no percentile of a transport whose messages wait for a poll; `undefined` where it does. */
export function shortWindow({ row, workload }: Pick<RoundMeasurement, 'row' | 'workload'>): string | undefined {
  const waits = workload.durationMs / row.worstWaitMs;
  if (waits >= MIN_WAITS_PER_WINDOW) return undefined;
  return `the window holds ${waits.toFixed(1)} intervals of ${row.worstWaitMs} ms, a percentile needs ${MIN_WAITS_PER_WINDOW}`;
}

/** One value a message, over the processes that received it. */
function perMessage(
  workers: readonly WorkerMeasurement[],
  pick: (tally: Tally) => readonly number[],
  merge: (a: number, b: number) => number,
): LatencyHistogram {
  const histogram = new LatencyHistogram();
  const arrays = workers.map(({ tally }) => pick(tally));
  for (let index = 0; index < (arrays[0]?.length ?? 0); index++) {
    let value: number | undefined;
    for (const array of arrays) {
      const us = array[index] ?? -1;
      if (us >= 0) value = value === undefined ? us : merge(value, us);
    }
    if (value !== undefined) histogram.record(value);
  }
  return histogram;
}
