import { sumByKey } from '../metrics/tally.js';
import { describeHistogram, mergeHistograms, withheldDistribution } from './distribution.js';
import { type NotMeasured, nullPaths, reasonFor } from './not-measured.js';
import { middle, perDelivery, type Runs, total, totalOrNull } from './over-rounds.js';
import { combineProxy } from './proxy.js';
import { AT_ONE_CLIENT } from './round-observed.js';
import { combineRoundTrips } from './round-trips.js';
import { combineAttribution } from './row-attribution.js';
import { combineAuth } from './row-auth.js';
import { combineBytes } from './row-bytes.js';
import { intervalsOf } from './row-intervals.js';
import { combineObserved } from './row-observed.js';
import { combineRecovery } from './row-recovery.js';
import { combineSlowReaders } from './row-slow-readers.js';
import { combineStaleness } from './row-staleness.js';
import { combineUplink } from './row-uplink.js';
import type { CompletedRow, CompletedRun } from './schema.js';
import { type RunFigure, spreadOf } from './statistics.js';

type Identity = 'transport' | 'label' | 'group' | 'deliveredBy' | 'inProcess' | 'settings';
type RowFigures = Omit<CompletedRow, Identity | 'state' | 'verdict' | 'reasons' | 'rounds'>;
type Latencies = Pick<
  RowFigures,
  'latencyUs' | 'serviceLatencyUs' | 'crowdLatencyUs' | 'firstRecipientUs' | 'lastRecipientUs' | 'connectUs'
>;

/**
 * A row's figures from its completed rounds: counts are summed; percentiles come from the merged histograms; figures
 * per message are weighted by the deliveries of their rounds, as a ratio of sums would be, and ages by their time;
 * everything else (shares, rates, memory) is the median of the rounds. A round that did not measure a figure is left out of it.
 */
export function combineRuns(runs: Runs): RowFigures {
  const { latencies, notMeasured } = mergeLatencies(runs);
  const intervals = intervalsOf(runs, latencies.latencyUs);
  const staleness = combineStaleness(runs);
  const slow = combineSlowReaders(runs);
  const recovery = combineRecovery(runs);
  const uplink = combineUplink(runs);
  const observed = combineObserved(runs);
  const trips = combineRoundTrips(runs.map(({ roundTrips }) => roundTrips));
  const figures = {
    samples: {
      publishes: total(runs, (run) => run.samples.publishes),
      deliveries: total(runs, (run) => run.samples.deliveries),
    },
    ...latencies,
    stalenessMs: staleness.stalenessMs,
    attribution: combineAttribution(runs),
    delivery: sumDelivery(runs),
    connections: {
      opened: total(runs, (run) => run.connections.opened),
      dropped: total(runs, (run) => run.connections.dropped),
      reconnected: total(runs, (run) => run.connections.reconnected),
      accepted: sumAccepted(runs),
      closeCodes: sumByKey(runs.map((run) => run.connections.closeCodes)),
    },
    ...combineAuth(runs),
    ...combineProxy(runs),
    ...observed.figures,
    throughput: {
      offeredPerSecond: middle(runs, (run) => run.throughput.offeredPerSecond),
      deliveredPerSecond: middle(runs, (run) => run.throughput.deliveredPerSecond),
    },
    bytes: combineBytes(runs),
    ...combineLoad(runs),
    machine: combineMachine(runs),
    slowReaders: slow.slowReaders,
    uplink: uplink.uplink,
    recovery: recovery.recovery,
    roundTrips: trips?.roundTrips ?? null,
    spread: spreads(runs),
    interval: intervals.interval,
  };
  const explained = {
    ...notMeasured,
    ...staleness.notMeasured,
    ...slow.notMeasured,
    ...uplink.notMeasured,
    ...observed.notMeasured,
    ...recovery.notMeasured,
    ...trips?.notMeasured,
    ...intervals.notMeasured,
  };
  return { ...figures, notMeasured: explainNulls(figures, explained, runs) };
}

function mergeLatencies(runs: Runs): { latencies: Latencies; notMeasured: NotMeasured } {
  const notMeasured: NotMeasured = {};
  const messages = runs.some(({ observed }) => observed) ? AT_ONE_CLIENT : 'publishes';
  const publishesOf = ({ observed, delivery }: CompletedRun) =>
    observed?.mostOfOneClient.crowd ?? delivery.published ?? 0;
  const merge = (name: keyof Latencies, samplesOf: (run: CompletedRun) => number, noun = messages) => {
    const measured = runs.filter((run) => run[name].histogram !== null);
    const count = measured.reduce((sum, run) => sum + samplesOf(run), 0);
    const histogram = mergeHistograms(measured.map((run) => run[name].histogram));
    const described =
      measured.length > 0
        ? describeHistogram(name, histogram, { count, noun })
        : withheldDistribution(name, reasonOfRounds(runs, name));
    Object.assign(notMeasured, described.notMeasured);
    return described.distribution;
  };
  const latencies = {
    latencyUs: merge('latencyUs', (run) => run.samples.publishes),
    serviceLatencyUs: merge('serviceLatencyUs', (run) => run.samples.publishes),
    crowdLatencyUs: merge('crowdLatencyUs', publishesOf),
    firstRecipientUs: merge('firstRecipientUs', publishesOf),
    lastRecipientUs: merge('lastRecipientUs', publishesOf),
    connectUs: merge('connectUs', (run) => run.connectUs.count, 'connections'),
  };
  return { latencies, notMeasured };
}

/** `null` where a round lacks it. */
function sumAccepted(runs: Runs): RowFigures['connections']['accepted'] {
  const opening = totalOrNull(runs, (run) => run.connections.accepted?.opening ?? null);
  const window = totalOrNull(runs, (run) => run.connections.accepted?.window ?? null);
  return opening === null || window === null ? null : { opening, window };
}

function sumDelivery(runs: Runs): RowFigures['delivery'] {
  return {
    published: totalOrNull(runs, (run) => run.delivery.published),
    unpublished: totalOrNull(runs, (run) => run.delivery.unpublished),
    expected: totalOrNull(runs, (run) => run.delivery.expected),
    delivered: total(runs, (run) => run.delivery.delivered),
    lost: totalOrNull(runs, (run) => run.delivery.lost),
    duplicated: totalOrNull(runs, (run) => run.delivery.duplicated),
    reordered: totalOrNull(runs, (run) => run.delivery.reordered),
  };
}

function combineLoad(runs: Runs): Pick<RowFigures, 'server' | 'generator'> {
  return {
    server: {
      cpuUsPerMessage: perDelivery(runs, (run) => run.server.cpuUsPerMessage),
      cpuShare: middle(runs, (run) => run.server.cpuShare),
      rssBytes: middle(runs, (run) => run.server.rssBytes),
      rssPerClientBytes: middle(runs, (run) => run.server.rssPerClientBytes),
      eventLoopUtilization: middle(runs, (run) => run.server.eventLoopUtilization),
      runDelayShare: middle(runs, (run) => run.server.runDelayShare),
    },
    generator: {
      cpuUsPerMessage: perDelivery(runs, (run) => run.generator.cpuUsPerMessage),
      cpuShare: middle(runs, (run) => run.generator.cpuShare),
      rssBytes: middle(runs, (run) => run.generator.rssBytes),
      eventLoopUtilization: middle(runs, (run) => run.generator.eventLoopUtilization),
      busyInFlightShare: middle(runs, (run) => run.generator.busyInFlightShare),
      runDelayShare: middle(runs, (run) => run.generator.runDelayShare),
      scheduleLagUs: {
        p50: middle(runs, (run) => run.generator.scheduleLagUs.p50),
        p99: middle(runs, (run) => run.generator.scheduleLagUs.p99),
        max: spreadOf(runs.map((run) => run.generator.scheduleLagUs.max)).max,
      },
    },
  };
}

function combineMachine(runs: Runs): RowFigures['machine'] {
  return {
    busyMs: totalOrNull(runs, (run) => run.machine.busyMs),
    busyShare: middle(runs, (run) => run.machine.busyShare),
    stealShare: middle(runs, (run) => run.machine.stealShare),
    throttledMs: totalOrNull(runs, (run) => run.machine.throttledMs),
  };
}

function spreads(runs: Runs): RowFigures['spread'] {
  const spread = (figure: RunFigure) => spreadOf(runs.map(figure));
  return {
    latencyUs: { p50: spread((run) => run.latencyUs.p50), p99: spread((run) => run.latencyUs.p99) },
    bytesPerMessage: {
      up: spread((run) => run.bytes.perMessage.up),
      down: spread((run) => run.bytes.perMessage.down),
    },
    serverCpuUsPerMessage: spread((run) => run.server.cpuUsPerMessage),
    rssPerClientBytes: spread((run) => run.server.rssPerClientBytes),
  };
}

/** Where a figure of `spread` and `interval` is found in a round, for the reason of its null. */
const SOURCES: Readonly<Record<string, string>> = {
  latencyUs: 'latencyUs',
  bytesPerMessage: 'bytes.perMessage',
  serverCpuUsPerMessage: 'server.cpuUsPerMessage',
  rssPerClientBytes: 'server.rssPerClientBytes',
};

function explainNulls(figures: Omit<RowFigures, 'notMeasured'>, merged: NotMeasured, runs: Runs): NotMeasured {
  const explained: NotMeasured = { ...merged };
  for (const path of nullPaths(figures)) {
    if (reasonFor(explained, path) !== undefined) continue;
    const source = sourceOf(path);
    // An interval lacks what its figure lacks, and the row may know better than its rounds why.
    const own = path.startsWith('interval.') ? reasonFor(explained, source) : undefined;
    explained[path] = own ?? reasonOfRounds(runs, source);
  }
  return explained;
}

function reasonOfRounds(runs: Runs, path: string): string {
  const reasons = runs.flatMap((run) => reasonFor(run.notMeasured, path) ?? []);
  return [...new Set(reasons)].join('; ') || 'no round measured it';
}

function sourceOf(path: string): string {
  const [, name = '', rest = ''] = /^(?:spread|interval)\.(\w+)(.*)\.\w+$/.exec(path) ?? [];
  return Object.hasOwn(SOURCES, name) ? `${SOURCES[name]}${rest}` : path;
}
