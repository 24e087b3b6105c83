import type { LatencyHistogram } from '../metrics/histogram.js';
import { CANNOT_IMITATE } from '../network/relay/limits.js';
import type { NetworkConditions } from '../scenario/network.js';
import { mergeHistograms } from './distribution.js';
import type { ReportNetwork, RoundNetwork } from './network-schema.js';
import type { NotMeasured } from './not-measured.js';
import type { RoundMeasurement } from './round-measurement.js';
import type { ReportRow } from './schema.js';

/** The clients' way in one round; `null` where there was none but loopback. */
export function networkOfRound({ network }: Pick<RoundMeasurement, 'network'>): {
  network: RoundNetwork;
  notMeasured: NotMeasured;
} {
  if (network === null) return { network: null, notMeasured: { network: NO_NETWORK } };
  const histogram = mergeHistograms([network.rtt]);
  const { lateUs } = network.relay;
  return {
    network: {
      measuredRttMs: { ...rttMsOf(histogram), histogram: network.rtt },
      relayLateUs: lateUs && { ...lateUs },
    },
    notMeasured: {
      ...(histogram.count === 0 ? { 'network.measuredRttMs': 'the way to the echo was cut' } : {}),
      ...(lateUs === null ? { 'network.relayLateUs': 'the relay held nothing back' } : {}),
    },
  };
}

const NO_NETWORK = 'clients were on loopback: --rtt or --network puts a distance between them and the server';

/** The clients' way over all rounds; `null` where there was none but loopback. */
export function networkOfReport(conditions: NetworkConditions | null, rows: readonly ReportRow[]): ReportNetwork {
  if (conditions === null) return null;
  const encoded = rows.flatMap(({ rounds }) =>
    rounds.flatMap((run) => (run.state === 'completed' ? (run.network?.measuredRttMs.histogram ?? []) : [])),
  );
  return {
    by: 'relay',
    nominalRttMs: conditions.rttMs,
    measuredRttMs: rttMsOf(mergeHistograms(encoded)),
    cannot: [...CANNOT_IMITATE],
  };
}

/** A round trip that a single byte should take in the middle of all: jitter is uniform, and there are two draws of it. */
export function expectedRttMs({ rttMs, jitterMs }: NetworkConditions): number {
  return rttMs + jitterMs;
}

function rttMsOf(histogram: LatencyHistogram) {
  const { count } = histogram;
  if (count === 0) return { count, min: null, p50: null, p99: null, max: null };
  const ms = (us: number) => us / 1_000;
  return {
    count,
    min: ms(histogram.min),
    p50: ms(histogram.percentile(50)),
    p99: ms(histogram.percentile(99)),
    max: ms(histogram.max),
  };
}
