import { describeHistogram, mergeHistograms, withheldDistribution } from './distribution.js';
import type { NotMeasured } from './not-measured.js';
import { windowSeconds } from './round-load.js';
import { type RoundMeasurement, sumOver } from './round-measurement.js';
import type { CompletedRun } from './schema.js';
import type { UplinkEvidence } from './uplink-verdicts.js';
import type { Judgement } from './verdicts.js';

type UplinkOfRun = NonNullable<CompletedRun['uplink']>;

const NO_LAG = 'an acknowledgement is sent when it becomes due';

/** What became of what clients sent besides, in one round. */
export function uplinkOf(
  measured: RoundMeasurement,
  judgement: Judgement,
): { uplink: UplinkOfRun | null; notMeasured: NotMeasured } {
  const { uplink, row, server } = measured;
  if (!uplink) return { uplink: null, notMeasured: { uplink: row.profile.inProcess ? IN_PROCESS : NOT_ASKED } };
  const { taken } = uplink;
  const counts = uplinkCounts(measured);
  const lag = mergeHistograms(measured.workers.flatMap(({ tally }) => tally.uplink?.scheduleLag ?? []));
  const lagUs = (percentile: number) => (lag.count > 0 ? lag.percentile(percentile) : null);
  const described = (path: string, encoded: string) =>
    judgement.verdict === 'saturated'
      ? withheldDistribution(path, 'the run is saturated: what clients sent waited for the server')
      : describeHistogram(path, mergeHistograms([encoded]), { count: taken.taken, noun: 'messages' });
  const latency = described('uplink.latencyUs', taken.latency);
  const service = described('uplink.serviceLatencyUs', taken.serviceLatency);
  return {
    uplink: {
      ...counts,
      ratePerSecond: (server.windowEnd.hub.received - server.settled.hub.received) / windowSeconds(measured),
      latencyUs: latency.distribution,
      serviceLatencyUs: service.distribution,
      scheduleLagUs: { p50: lagUs(50), p99: lagUs(99), max: lag.count > 0 ? lag.max : null },
    },
    notMeasured: {
      ...latency.notMeasured,
      ...service.notMeasured,
      ...(lag.count > 0
        ? {}
        : { 'uplink.scheduleLagUs': isStream(measured) ? 'nothing was sent in the window' : NO_LAG }),
    },
  };
}

const NOT_ASKED = 'clients send nothing besides in this workload (`uplink`)';
const IN_PROCESS = 'inside one process there is no server that clients could send to';

type Counts = Pick<UplinkOfRun, 'sent' | 'unsent' | 'taken' | 'lost' | 'duplicated' | 'reordered' | 'foreign'>;

function uplinkCounts(measured: RoundMeasurement): Counts {
  const { uplink, workers } = measured;
  const sent = sumOver(workers, ({ tally }) => tally.uplink?.sent ?? 0);
  const { taken = 0, duplicated = 0, reordered = 0, foreign = 0 } = uplink?.taken ?? {};
  return {
    sent,
    unsent: isStream(measured) ? Math.max(0, (uplink?.expected ?? 0) - sent) : 0,
    taken,
    lost: Math.max(0, sent - taken),
    duplicated,
    reordered,
    foreign,
  };
}

function isStream({ workload }: RoundMeasurement): boolean {
  return workload.uplink?.kind === 'stream';
}

/** What a verdict looks at of it; `null` where there is none. */
export function uplinkEvidence(measured: RoundMeasurement): UplinkEvidence | null {
  const { uplink, server, workers } = measured;
  if (!uplink) return null;
  const { sent, unsent, ...counts } = uplinkCounts(measured);
  const histogram = mergeHistograms([uplink.taken.latency]);
  const service = mergeHistograms([uplink.taken.serviceLatency]);
  const lag = mergeHistograms(workers.flatMap(({ tally }) => tally.uplink?.scheduleLag ?? []));
  const percentiles = (of: typeof histogram) =>
    of.count > 0 ? { p50: of.percentile(50), p99: of.percentile(99) } : null;
  return {
    ...counts,
    sent,
    due: sent + unsent,
    // How many acknowledgements were due by then, no schedule says.
    takenAtWindowEnd: isStream(measured) ? server.windowEnd.hub.received - server.settled.hub.received : null,
    negative: uplink.taken.negative,
    outOfRange: uplink.taken.outOfRange + sumOver(workers, ({ tally }) => tally.uplink?.outOfRange ?? 0),
    lagP99Us: lag.count > 0 ? lag.percentile(99) : null,
    latencyUs: percentiles(histogram),
    serviceLatencyUs: percentiles(service),
  };
}
