import type { EncodedHistogram } from '../metrics/histogram.js';
import type { Tally } from '../metrics/tally.js';
import type { ServerSample } from '../protocol/messages.js';
import { canResume } from '../scenario/faults.js';
import { mergeHistograms } from './distribution.js';
import { arrivedInWindow } from './flights.js';
import { expectedRttMs, networkOfRound } from './network.js';
import type { ObservedEvidence } from './observed-verdicts.js';
import { proxyOfRound } from './proxy.js';
import { attributionOf } from './round-attribution.js';
import { bytesOf } from './round-bytes.js';
import { connectionsOf } from './round-connections.js';
import { ipOf } from './round-ip.js';
import { latenciesOf } from './round-latencies.js';
import {
  deliveriesInWindow,
  loadOf,
  runDelayShare,
  utilization,
  utilizationOfWorker,
  windowSeconds,
} from './round-load.js';
import { machineOf } from './round-machine.js';
import { processName, type RoundMeasurement, sumOver, type WorkerMeasurement } from './round-measurement.js';
import { observedOf, placeOf } from './round-observed.js';
import { overTimeOf } from './round-over-time.js';
import { recoveryOf, silentWaste, unawareClients } from './round-recovery.js';
import { slowReadersOf, unaccountedFor } from './round-slow-readers.js';
import { stalenessOf } from './round-staleness.js';
import { steadyStateOfProbes } from './round-steady-state.js';
import { roundTripsOfRound } from './round-trips.js';
import { uplinkEvidence, uplinkOf } from './round-uplink.js';
import type { CompletedRun } from './schema.js';
import { isInjected, type Stall, stallsOf } from './stalls.js';
import { type Evidence, judge } from './verdicts.js';

const AUTH_OVER_HTTP2 = 'over HTTP/2 a header is compressed, and its bytes depend on the headers around it';

/** The figures of one round, and its verdict. */
export function completedRound(measured: RoundMeasurement): CompletedRun {
  const probes = measured.workers.filter(({ role }) => role === 'probe');
  const crowd = measured.workers.filter(({ role }) => role === 'crowd');
  const stalls = stallsOf(measured);
  const slow = slowReadersOf(measured);
  const judgement = judge(evidenceOf(measured, probes, stalls, slow.slowReaders));
  const { notMeasured, ...latencies } = latenciesOf(measured, probes, crowd, judgement);
  const observed = observedOf(measured, probes, crowd);
  const delivered = sumOver(measured.workers, ({ tally }) => tally.delivery.delivered);
  // The bytes are those of slow readers too.
  const carried = delivered + (slow.slowReaders?.delivery.delivered ?? 0);
  const traffic = withoutWaste(bytesOf(measured, carried), wasteOf(measured, slow.slowReaders));
  const { ip, notMeasured: ipNotMeasured } = ipOf(measured, carried);
  const connections = connectionsOf(measured);
  const load = loadOf(measured);
  const machine = machineOf(measured);
  const steadyState = steadyStateOfProbes(probes);
  const overTime = overTimeOf(measured, probes);
  const browser = browserOf(probes);
  const network = networkOfRound(measured);
  const staleness = stalenessOf(measured, probes, judgement);
  const attribution = attributionOf(measured, probes, judgement);
  const recovery = recoveryOf(measured);
  const { proxy, notMeasured: proxyNotMeasured } = proxyOfRound(measured);
  const trips = roundTripsOfRound(measured);
  const uplink = uplinkOf(measured, judgement);
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
    attribution: attribution.attribution,
    delivery: {
      published: sumOver(measured.workers, ({ tally }) => tally.delivery.published),
      unpublished: sumOver(measured.workers, ({ tally }) => tally.delivery.unpublished),
      expected: sumOver(measured.workers, ({ tally }) => tally.delivery.expected),
      delivered,
      lost: sumOver(measured.workers, ({ tally }) => tally.delivery.lost),
      duplicated: sumOver(measured.workers, ({ tally }) => tally.delivery.duplicated),
      reordered: sumOver(measured.workers, ({ tally }) => tally.delivery.reordered),
    },
    ...observed?.figures,
    connections: connections.connections,
    ...(measured.auth && { auth: measured.auth }),
    ...(proxy && { proxy }),
    throughput: {
      offeredPerSecond:
        measured.workload.publish === 'observe' ? null : measured.due / (measured.workload.durationMs / 1_000),
      deliveredPerSecond: deliveriesInWindow(measured) / windowSeconds(measured),
    },
    bytes: { ...traffic.bytes, ip },
    server: load.server,
    generator: load.generator,
    machine: machine.machine,
    slowReaders: slow.slowReaders,
    uplink: uplink.uplink,
    recovery: recovery.recovery,
    roundTrips: trips.roundTrips,
    stalls,
    network: network.network,
    steadyState: steadyState.steadyState,
    overTime: overTime.overTime,
    browser,
    notMeasured: {
      ...(browser === null && { browser: 'the probes were no pages of a browser (--via browser)' }),
      ...network.notMeasured,
      ...connections.notMeasured,
      ...(measured.auth?.openingBytes === null && { 'auth.openingBytes': AUTH_OVER_HTTP2 }),
      ...steadyState.notMeasured,
      ...overTime.notMeasured,
      ...notMeasured,
      ...traffic.notMeasured,
      ...ipNotMeasured,
      ...load.notMeasured,
      ...machine.notMeasured,
      ...staleness.notMeasured,
      ...attribution.notMeasured,
      ...slow.notMeasured,
      ...uplink.notMeasured,
      ...recovery.notMeasured,
      ...proxyNotMeasured,
      ...trips.notMeasured,
      ...observed?.notMeasured,
    },
  };
}

function browserOf(probes: readonly WorkerMeasurement[]): CompletedRun['browser'] {
  const { browser } = probes.find(({ tally }) => tally.browser !== undefined)?.tally ?? {};
  return browser ? { ...browser, clock: { ...browser.clock, offsetsUs: [...browser.clock.offsetsUs] } } : null;
}

/** What happened to connections and messages without having been done to them. */
type OfFaults = 'dropped' | 'lost' | 'missedThoughResumed' | 'away' | 'unaware';

function unprovoked(measured: RoundMeasurement): Pick<Evidence, OfFaults> {
  const { faults, row, workers } = measured;
  const firstUs = faults?.injected[0]?.atUs ?? Number.POSITIVE_INFINITY;
  const outages = workers.flatMap(({ tally }) => tally.recovery?.outages ?? []);
  const provoked = outages.filter(({ droppedUs }) => droppedUs >= firstUs);
  const missed = sumOver(workers, ({ tally }) => tally.recovery?.missed ?? 0);
  const outstanding = sumOver(workers, ({ tally }) => tally.recovery?.outstanding ?? 0);
  const unaware = unawareClients(measured);
  const resumes = faults?.plan.resume === true && canResume(row);
  return {
    dropped: sumOver(workers, ({ tally }) => tally.connections.dropped) - provoked.length,
    lost: sumOver(workers, ({ tally }) => tally.delivery.lost) - missed - outstanding - unaware.missing,
    missedThoughResumed: resumes ? missed : 0,
    away: outages.filter(({ backUs }) => backUs === null).length,
    unaware: unaware.clients,
  };
}

function evidenceOf(
  measured: RoundMeasurement,
  probes: readonly WorkerMeasurement[],
  stalls: readonly Stall[],
  slow: CompletedRun['slowReaders'],
): Evidence {
  const { server, row, due, workload, clocksNest, warmupSettled, workers } = measured;
  const { stealShare, throttledMs } = machineOf(measured).machine;
  const lag = mergeHistograms(workers.map(({ tally }) => tally.scheduleLag));
  const everyone = measured.slowReaders ? [...workers, measured.slowReaders.worker] : workers;
  const taken = ({ hub }: ServerSample) => (workload.publish === 'clients' ? hub.received : hub.published);
  return {
    clocksNest,
    warmupSettled,
    negative: sumOver(everyone, ({ tally }) => tally.negative),
    outOfRange: measured.target?.observed ? 0 : sumOver(workers, ({ tally }) => tally.outOfRange),
    foreign: sumOver(everyone, ({ tally }) => tally.foreign),
    // Inside one process nearly all of the latency is the publisher's lag: there it is the result, not a fault.
    lagP99Us: lag.count > 0 && !row.profile.inProcess ? lag.percentile(99) : null,
    latencyUs: p50AndP99(probes, (tally) => tally.latency),
    serviceLatencyUs: p50AndP99(probes, (tally) => tally.serviceLatency),
    clockErrorUs: browserOf(probes)?.clock.errorUs ?? null,
    crowdUtilization: busiestCrowd(workers),
    stalls: stalls.filter((stall) => !isInjected(stall, measured)),
    windowMs: workload.durationMs,
    arrivedInWindow: arrivedInWindow(measured),
    waits: waitsForCore(measured),
    stealShare,
    throttledMs,
    serverUtilization: measured.target ? null : utilization(server.settled, server.windowEnd),
    due,
    published: sumOver(workers, ({ tally }) => tally.delivery.published),
    takenAtWindowEnd: taken(server.windowEnd) - taken(server.settled),
    ...unprovoked(measured),
    observed: observedEvidence(measured, probes),
    expected: sumOver(workers, ({ tally }) => tally.delivery.expected),
    duplicated: sumOver(everyone, ({ tally }) => tally.delivery.duplicated),
    reordered: sumOver(everyone, ({ tally }) => tally.delivery.reordered),
    rttMs: roundTripOf(measured),
    uplink: uplinkEvidence(measured),
    slowReadersMissed: unaccountedFor(slow),
    shedByServer: slow === null ? 0 : slow.others.dropped + slow.others.disconnected + slow.others.gaps,
    unstamped: sumOver(workers, ({ tally }) => tally.unstamped ?? 0),
    errors: workers.flatMap(({ tally }) => tally.errors),
  };
}

function observedEvidence(measured: RoundMeasurement, probes: readonly WorkerMeasurement[]): ObservedEvidence | null {
  const { observed } = observedOf(measured, probes, [])?.figures ?? {};
  return observed ? { ...observed, place: placeOf(measured.target?.observed?.stamp ?? { kind: 'none' }) } : null;
}

/** Why bytes went out that nobody got, where they did. */
function wasteOf(measured: RoundMeasurement, slow: CompletedRun['slowReaders']): string | undefined {
  if (slow !== null && slow.connectionsLost + slow.disconnected + slow.gaps > 0) return CUT_OFF;
  return silentWaste(measured);
}

/** Shared out over what was delivered, bytes that nobody got would be no technique's cost. */
function withoutWaste(traffic: ReturnType<typeof bytesOf>, waste: string | undefined): typeof traffic {
  if (waste === undefined) return traffic;
  const nothing = { up: null, down: null };
  const { parts } = traffic.bytes;
  return {
    bytes: {
      ...traffic.bytes,
      perMessage: nothing,
      projected: { gbPerMonth: nothing, gbPerMonthPerClient: nothing },
    },
    notMeasured: {
      ...traffic.notMeasured,
      'bytes.perMessage': waste,
      'bytes.projected': waste,
      ...(parts === null ? { 'bytes.parts': waste } : {}),
    },
  };
}

const CUT_OFF = 'slow readers lost their connections with bytes on their way, which nobody got';

function roundTripOf(measured: RoundMeasurement): Evidence['rttMs'] {
  const p50 = networkOfRound(measured).network?.measuredRttMs.p50 ?? null;
  return measured.network === null ? null : { expected: expectedRttMs(measured.network.conditions), measured: p50 };
}

/** Each process's share of the window in which it was ready to run and had no core; those that are known. */
function waitsForCore({ row, server, workers }: RoundMeasurement): Evidence['waits'] {
  const ofServer = row.profile.inProcess ? null : runDelayShare(server.settled, server.windowEnd);
  const shares = [
    { process: 'server', share: ofServer },
    ...workers.map(({ samples }, index) => ({
      process: processName(workers, index),
      share: runDelayShare(samples.settled, samples.windowEnd),
    })),
  ];
  return shares.flatMap(({ process, share }) => (share === null ? [] : [{ process, share }]));
}

function busiestCrowd(workers: readonly WorkerMeasurement[]): Evidence['crowdUtilization'] {
  const crowds = workers.flatMap((worker, index) =>
    worker.role === 'crowd' ? [{ process: processName(workers, index), share: utilizationOfWorker(worker) }] : [],
  );
  return crowds.reduce<Evidence['crowdUtilization']>(
    (busiest, crowd) => (crowd.share > (busiest?.share ?? -1) ? crowd : busiest),
    null,
  );
}

function p50AndP99(probes: readonly WorkerMeasurement[], pick: (tally: Tally) => EncodedHistogram) {
  const merged = mergeHistograms(probes.map(({ tally }) => pick(tally)));
  return merged.count > 0 ? { p50: merged.percentile(50), p99: merged.percentile(99) } : null;
}
