import type { EncodedHistogram } from '../metrics/histogram.js';
import type { Tally } from '../metrics/tally.js';
import type { ServerSample } from '../protocol/messages.js';
import { mergeHistograms } from './distribution.js';
import { bytesOf } from './round-bytes.js';
import { ipOf } from './round-ip.js';
import { latenciesOf } from './round-latencies.js';
import { deliveriesInWindow, loadOf, utilization, utilizationOfWorker, windowSeconds } from './round-load.js';
import { machineOf } from './round-machine.js';
import { type RoundMeasurement, sumOver, type WorkerMeasurement } from './round-measurement.js';
import { stalenessOf } from './round-staleness.js';
import type { CompletedRun } from './schema.js';
import { type Evidence, judge } from './verdicts.js';

/** The figures of one round, and its verdict. */
export function completedRound(measured: RoundMeasurement): CompletedRun {
  const probes = measured.workers.filter(({ role }) => role === 'probe');
  const crowd = measured.workers.filter(({ role }) => role === 'crowd');
  const judgement = judge(evidenceOf(measured, probes, crowd));
  const { notMeasured, ...latencies } = latenciesOf(measured, probes, crowd, judgement);
  const delivered = sumOver(measured.workers, ({ tally }) => tally.delivery.delivered);
  const traffic = bytesOf(measured, delivered);
  const { ip, notMeasured: ipNotMeasured } = ipOf(measured, delivered);
  const load = loadOf(measured);
  const machine = machineOf(measured);
  const staleness = stalenessOf(measured, probes, judgement);
  return {
    state: 'completed',
    round: measured.round,
    ...judgement,
    samples: {
      publishes: sumOver(probes, ({ tally }) => tally.publishesReceived),
      deliveries: sumOver(probes, ({ tally }) => tally.delivery.delivered),
    },
    ...latencies,
    stalenessMs: staleness.stalenessMs,
    delivery: {
      published: sumOver(measured.workers, ({ tally }) => tally.delivery.published),
      unpublished: sumOver(measured.workers, ({ tally }) => tally.delivery.unpublished),
      expected: sumOver(measured.workers, ({ tally }) => tally.delivery.expected),
      delivered,
      lost: sumOver(measured.workers, ({ tally }) => tally.delivery.lost),
      duplicated: sumOver(measured.workers, ({ tally }) => tally.delivery.duplicated),
      reordered: sumOver(measured.workers, ({ tally }) => tally.delivery.reordered),
    },
    connections: {
      opened: sumOver(measured.workers, ({ tally }) => tally.connections.opened),
      dropped: sumOver(measured.workers, ({ tally }) => tally.connections.dropped),
      reconnected: 0,
    },
    throughput: {
      offeredPerSecond: measured.due / (measured.workload.durationMs / 1_000),
      deliveredPerSecond: deliveriesInWindow(measured) / windowSeconds(measured),
    },
    bytes: { ...traffic.bytes, ip },
    server: load.server,
    generator: load.generator,
    machine: machine.machine,
    notMeasured: {
      ...notMeasured,
      ...traffic.notMeasured,
      ...ipNotMeasured,
      ...load.notMeasured,
      ...machine.notMeasured,
      ...staleness.notMeasured,
    },
  };
}

function evidenceOf(
  { server, row, due, workload, clocksNest, warmupSettled, workers }: RoundMeasurement,
  probes: readonly WorkerMeasurement[],
  crowd: readonly WorkerMeasurement[],
): Evidence {
  const lag = mergeHistograms(workers.map(({ tally }) => tally.scheduleLag));
  const taken = ({ hub }: ServerSample) => (workload.publish === 'clients' ? hub.received : hub.published);
  return {
    clocksNest,
    warmupSettled,
    negative: sumOver(workers, ({ tally }) => tally.negative),
    outOfRange: sumOver(workers, ({ tally }) => tally.outOfRange),
    foreign: sumOver(workers, ({ tally }) => tally.foreign),
    // Inside one process nearly all of the latency is the publisher's lag: there it is the result, not a fault.
    lagP99Us: lag.count > 0 && !row.profile.inProcess ? lag.percentile(99) : null,
    latencyUs: p50AndP99(probes, (tally) => tally.latency),
    serviceLatencyUs: p50AndP99(probes, (tally) => tally.serviceLatency),
    crowdUtilization: crowd.length > 0 ? Math.max(...crowd.map(utilizationOfWorker)) : null,
    serverUtilization: utilization(server.settled, server.windowEnd),
    due,
    published: sumOver(workers, ({ tally }) => tally.delivery.published),
    takenAtWindowEnd: taken(server.windowEnd) - taken(server.settled),
    lost: sumOver(workers, ({ tally }) => tally.delivery.lost),
    expected: sumOver(workers, ({ tally }) => tally.delivery.expected),
    duplicated: sumOver(workers, ({ tally }) => tally.delivery.duplicated),
    reordered: sumOver(workers, ({ tally }) => tally.delivery.reordered),
    dropped: sumOver(workers, ({ tally }) => tally.connections.dropped),
    errors: workers.flatMap(({ tally }) => tally.errors),
  };
}

function p50AndP99(probes: readonly WorkerMeasurement[], pick: (tally: Tally) => EncodedHistogram) {
  const merged = mergeHistograms(probes.map(({ tally }) => pick(tally)));
  return merged.count > 0 ? { p50: merged.percentile(50), p99: merged.percentile(99) } : null;
}
