import { type EncodedHistogram, LatencyHistogram } from '../metrics/histogram.js';
import type { ProcessSample } from '../metrics/process-sample.js';
import type { Tally } from '../metrics/tally.js';
import type { Mark, ServerSample, WorkerRole } from '../protocol/messages.js';
import { MIN_WAITS_PER_WINDOW } from '../scenario/limits.js';
import type { Row, Workload } from '../scenario/scenario.js';
import {
  type DescribedDistribution,
  describeHistogram,
  mergeHistograms,
  withheldDistribution,
} from './distribution.js';
import type { NotMeasured } from './not-measured.js';
import type { CompletedRun } from './schema.js';
import { type Evidence, type Judgement, judge } from './verdicts.js';

/** Everything one completed run left behind. */
export interface RoundMeasurement {
  readonly round: number;
  readonly row: Row;
  readonly workload: Workload;
  /** Messages due in the window, over all publishers. */
  readonly due: number;
  readonly clocksNest: boolean;
  readonly warmupSettled: boolean;
  readonly server: Readonly<Record<Mark, ServerSample>>;
  readonly workers: readonly WorkerMeasurement[];
}

export interface WorkerMeasurement {
  readonly role: WorkerRole;
  readonly samples: { readonly settled: ProcessSample; readonly windowEnd: ProcessSample };
  readonly tally: Tally;
}

/** The figures of one round, and its verdict. */
export function completedRound(measured: RoundMeasurement): CompletedRun {
  const probes = measured.workers.filter(({ role }) => role === 'probe');
  const crowd = measured.workers.filter(({ role }) => role === 'crowd');
  const judgement = judge(evidenceOf(measured, probes, crowd));
  const { notMeasured, ...latencies } = latenciesOf(measured, probes, crowd, judgement);
  const delivered = sum(measured.workers, ({ tally }) => tally.delivery.delivered);
  const traffic = bytesOf(measured, delivered);
  const load = loadOf(measured);
  return {
    state: 'completed',
    round: measured.round,
    ...judgement,
    samples: {
      publishes: sum(probes, ({ tally }) => tally.publishesReceived),
      deliveries: sum(probes, ({ tally }) => tally.delivery.delivered),
    },
    ...latencies,
    stalenessMs: { mean: null, p99: null },
    delivery: {
      published: sum(measured.workers, ({ tally }) => tally.delivery.published),
      unpublished: sum(measured.workers, ({ tally }) => tally.delivery.unpublished),
      expected: sum(measured.workers, ({ tally }) => tally.delivery.expected),
      delivered,
      lost: sum(measured.workers, ({ tally }) => tally.delivery.lost),
      duplicated: sum(measured.workers, ({ tally }) => tally.delivery.duplicated),
      reordered: sum(measured.workers, ({ tally }) => tally.delivery.reordered),
    },
    connections: {
      opened: sum(measured.workers, ({ tally }) => tally.connections.opened),
      dropped: sum(measured.workers, ({ tally }) => tally.connections.dropped),
      reconnected: 0,
    },
    throughput: {
      offeredPerSecond: measured.due / (measured.workload.durationMs / 1_000),
      deliveredPerSecond: deliveriesInWindow(measured) / windowSeconds(measured),
    },
    bytes: traffic.bytes,
    server: load.server,
    generator: load.generator,
    notMeasured: {
      ...notMeasured,
      ...traffic.notMeasured,
      ...load.notMeasured,
      stalenessMs: 'this version does not measure how old the newest message a client holds is',
    },
  };
}

function evidenceOf(
  { server, due, workload, clocksNest, warmupSettled, workers }: RoundMeasurement,
  probes: readonly WorkerMeasurement[],
  crowd: readonly WorkerMeasurement[],
): Evidence {
  const lag = mergeHistograms(workers.map(({ tally }) => tally.scheduleLag));
  const taken = ({ hub }: ServerSample) => (workload.publish === 'clients' ? hub.received : hub.published);
  return {
    clocksNest,
    warmupSettled,
    negative: sum(workers, ({ tally }) => tally.negative),
    outOfRange: sum(workers, ({ tally }) => tally.outOfRange),
    foreign: sum(workers, ({ tally }) => tally.foreign),
    lagP99Us: lag.count > 0 ? lag.percentile(99) : null,
    latencyUs: p50AndP99(probes, (tally) => tally.latency),
    serviceLatencyUs: p50AndP99(probes, (tally) => tally.serviceLatency),
    crowdUtilization: crowd.length > 0 ? Math.max(...crowd.map(utilizationOfWorker)) : null,
    serverUtilization: utilization(server.settled, server.windowEnd),
    due,
    published: sum(workers, ({ tally }) => tally.delivery.published),
    takenAtWindowEnd: taken(server.windowEnd) - taken(server.settled),
    lost: sum(workers, ({ tally }) => tally.delivery.lost),
    expected: sum(workers, ({ tally }) => tally.delivery.expected),
    duplicated: sum(workers, ({ tally }) => tally.delivery.duplicated),
    reordered: sum(workers, ({ tally }) => tally.delivery.reordered),
    dropped: sum(workers, ({ tally }) => tally.connections.dropped),
    errors: workers.flatMap(({ tally }) => tally.errors),
  };
}

function p50AndP99(probes: readonly WorkerMeasurement[], pick: (tally: Tally) => EncodedHistogram) {
  const merged = mergeHistograms(probes.map(({ tally }) => pick(tally)));
  return merged.count > 0 ? { p50: merged.percentile(50), p99: merged.percentile(99) } : null;
}

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

function latenciesOf(
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
  const waits = workload.durationMs / row.worstWaitMs;
  const withheld =
    verdict === 'saturated'
      ? 'the server was saturated: latency would only say how long the window was'
      : waits < MIN_WAITS_PER_WINDOW
        ? `the window holds ${waits.toFixed(1)} intervals of ${row.worstWaitMs} ms, a percentile needs ${MIN_WAITS_PER_WINDOW}`
        : undefined;
  const publishes = { count: sum(probes, ({ tally }) => tally.publishesReceived), noun: 'publishes' };
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

function bytesOf(
  { server, row, workload, workers }: RoundMeasurement,
  delivered: number,
): { bytes: CompletedRun['bytes']; notMeasured: NotMeasured } {
  const between = (from: Mark | undefined, to: Mark) => ({
    up: server[to].bytes.up - (from ? server[from].bytes.up : 0),
    down: server[to].bytes.down - (from ? server[from].bytes.down : 0),
  });
  const phases = {
    open: between(undefined, 'connected'),
    warmup: between('connected', 'settled'),
    window: between('settled', 'windowEnd'),
    drain: between('windowEnd', 'drained'),
    close: between('drained', 'closed'),
  };
  const answers = {
    total: server.windowEnd.answers.total - server.settled.answers.total,
    empty: server.windowEnd.answers.empty - server.settled.answers.empty,
    messages: server.windowEnd.answers.messages - server.settled.answers.messages,
  };
  const pull = row.profile.delivery === 'pull';
  // Of a pull, messages that wait for a poll at the window's end belong to bytes that are not in it either.
  const deliveries = pull ? answers.messages : delivered;
  const moved = pull
    ? phases.window
    : { up: phases.window.up + phases.drain.up, down: phases.window.down + phases.drain.down };
  const perMessage = {
    up: deliveries > 0 ? moved.up / deliveries : null,
    down: deliveries > 0 ? moved.down / deliveries : null,
  };
  const published = sum(workers, ({ tally }) => tally.delivery.published);
  const upIsUplink = workload.publish === 'clients' && !pull && published > 0;
  const filled = answers.total - answers.empty;
  const requests = server.windowEnd.requests - server.settled.requests;
  return {
    bytes: {
      layer: 'socket',
      side: 'server',
      ...server.closed.bytes,
      perMessage,
      perPublish: { up: upIsUplink ? moved.up / published : null, down: null },
      phases,
      parts: null,
      // Polls of a protocol that the front door does not read are known by their answers only.
      requests: { total: requests > 0 ? requests : answers.total, empty: answers.empty },
      messagesPerResponse: filled > 0 ? answers.messages / filled : null,
      frames: pull ? null : server.windowEnd.hub.delivered - server.settled.hub.delivered,
    },
    notMeasured: {
      ...(deliveries > 0 ? {} : { 'bytes.perMessage': 'nothing was delivered in the window' }),
      ...(upIsUplink ? {} : { 'bytes.perPublish.up': notSeparated(workload) }),
      'bytes.perPublish.down': notSeparated(workload),
      'bytes.parts': 'this version does not split bytes into their parts',
      ...(pull ? { 'bytes.frames': 'polls answer with requests, not frames' } : {}),
      ...(filled > 0 ? {} : { 'bytes.messagesPerResponse': 'no poll was answered with a message' }),
    },
  };
}

function notSeparated({ publish }: Workload): string {
  return publish === 'server' ? 'no client publishes in this workload' : 'not separated from what deliveries cost';
}

function loadOf(measured: RoundMeasurement): Pick<CompletedRun, 'server' | 'generator' | 'notMeasured'> {
  const { server, workers, workload } = measured;
  const deliveries = deliveriesInWindow(measured);
  const cpuUs = server.windowEnd.cpuUs - server.settled.cpuUs;
  const grownBytes = server.connected.rssBytes - server.started.rssBytes;
  const lag = mergeHistograms(workers.map(({ tally }) => tally.scheduleLag));
  const generatorCpuUs = sum(workers, ({ samples }) => samples.windowEnd.cpuUs - samples.settled.cpuUs);
  const lagUs = (percentile: number) => (lag.count > 0 ? lag.percentile(percentile) : null);
  return {
    server: {
      cpuUsPerMessage: deliveries > 0 ? cpuUs / deliveries : null,
      cpuShare: shareOfCore(server.settled, server.windowEnd),
      rssBytes: server.windowEnd.rssBytes,
      rssPerClientBytes: grownBytes > 0 ? Math.round(grownBytes / workload.clients) : null,
      eventLoopUtilization: utilization(server.settled, server.windowEnd),
    },
    generator: {
      cpuUsPerMessage: deliveries > 0 ? generatorCpuUs / deliveries : null,
      cpuShare: Math.max(...workers.map(({ samples }) => shareOfCore(samples.settled, samples.windowEnd))),
      rssBytes: sum(workers, ({ samples }) => samples.windowEnd.rssBytes),
      eventLoopUtilization: Math.max(...workers.map(utilizationOfWorker)),
      scheduleLagUs: { p50: lagUs(50), p99: lagUs(99), max: lag.count > 0 ? lag.max : null },
    },
    notMeasured: {
      ...(deliveries > 0
        ? {}
        : {
            'server.cpuUsPerMessage': 'nothing was delivered in the window',
            'generator.cpuUsPerMessage': 'nothing was delivered in the window',
          }),
      ...(grownBytes > 0 ? {} : { 'server.rssPerClientBytes': 'too few clients for the memory to grow visibly' }),
      ...(lag.count > 0 ? {} : { 'generator.scheduleLagUs': 'nothing was published in the window' }),
    },
  };
}

/** As the server counts them, at the instants at which its CPU and bytes were read. */
function deliveriesInWindow({ server }: RoundMeasurement): number {
  const count = ({ hub, answers }: ServerSample) => hub.delivered + answers.messages;
  return count(server.windowEnd) - count(server.settled);
}

function windowSeconds({ server }: RoundMeasurement): number {
  return (server.windowEnd.atUs - server.settled.atUs) / 1_000_000;
}

function shareOfCore(from: ProcessSample, to: ProcessSample): number {
  return (to.cpuUs - from.cpuUs) / (to.atUs - from.atUs);
}

function utilization(from: ProcessSample, to: ProcessSample): number {
  const active = to.loopActiveMs - from.loopActiveMs;
  const idle = to.loopIdleMs - from.loopIdleMs;
  return active + idle > 0 ? active / (active + idle) : 0;
}

function utilizationOfWorker({ samples }: WorkerMeasurement): number {
  return utilization(samples.settled, samples.windowEnd);
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
