import { type LedgerSample, noBytes } from '../metrics/byte-ledger.js';
import { LatencyHistogram } from '../metrics/histogram.js';
import type { ProcessSample } from '../metrics/process-sample.js';
import type { DeliveryTimes, Staleness, Tally } from '../metrics/tally.js';
import type { Mark, ServerSample, ServerStamps, WorkerRole } from '../protocol/messages.js';
import type { RoundMeasurement, WorkerMeasurement } from '../report/round-measurement.js';
import { loadScenario } from '../scenario/load.js';
import type { Row, Workload } from '../scenario/scenario.js';
import harness from '../transports/harness/index.js';
import shortPolling from '../transports/short-polling/index.js';
import tcp from '../transports/tcp/index.js';

export const WORKLOAD: Workload = {
  ...loadScenario('default', {}, 2).scenario.workload,
  clients: 10,
  publish: 'server',
  durationMs: 2_000,
};

export const PUSH: Row = {
  transport: 'tcp',
  module: 'file:///tcp.js',
  label: 'TCP',
  settings: {},
  profile: tcp.profile,
  worstWaitMs: 0,
  noticesMs: null,
};

/** The instrument's own control, without a network. */
export const IN_PROCESS: Row = { ...PUSH, transport: 'harness', label: 'Harness', profile: harness.profile };

export const PULL: Row = { ...PUSH, transport: 'short-polling', profile: shortPolling.profile, worstWaitMs: 100 };

/** 400 messages due, all published; 10 clients, of which 2 are probes and 8 one crowd; everything has come. */
export const DUE = 400;

export function encoded(values: readonly number[]): string {
  const histogram = new LatencyHistogram();
  for (const us of values) histogram.record(us);
  return histogram.encode();
}

function tally(changes: Partial<Tally> = {}): Tally {
  return {
    latency: encoded(Array.from({ length: 100 }, (_, index) => index + 1)),
    serviceLatency: encoded([5]),
    scheduleLag: encoded([10, 20]),
    connect: encoded([300, 400]),
    delivery: { published: 0, unpublished: 0, expected: 3_200, delivered: 3_200, lost: 0, duplicated: 0, reordered: 0 },
    connections: { opened: 8, dropped: 0, closeCodes: {} },
    negative: 0,
    outOfRange: 0,
    foreign: 0,
    publishesReceived: DUE,
    errors: [],
    firstUs: Array.from({ length: DUE }, () => 50),
    lastUs: Array.from({ length: DUE }, () => 150),
    staleness: null,
    stalls: [],
    deliveries: null,
    ...changes,
  };
}

function processSample(changes: Partial<ProcessSample> = {}): ProcessSample {
  return { atUs: 0, cpuUs: 0, rssBytes: 0, loopActiveMs: 0, loopIdleMs: 0, runDelayUs: 0, ...changes };
}

export function worker(role: WorkerRole, changes: Partial<Tally> = {}): WorkerMeasurement {
  const settled = processSample({
    atUs: 1_000_000,
    cpuUs: 500_000,
    loopActiveMs: 100,
    loopIdleMs: 900,
    runDelayUs: 2_000,
  });
  const windowEnd = processSample({
    atUs: 3_000_000,
    cpuUs: 900_000,
    rssBytes: 50_000_000,
    loopActiveMs: 600,
    loopIdleMs: 2_400,
    runDelayUs: 22_000,
  });
  return { role, samples: { settled, windowEnd }, tally: tally(changes) };
}

/** Two probes over the window of 2 s: half of the time 6 ms old, half of it 10 ms. */
export const STALENESS: Staleness = {
  clientUs: 4_000_000,
  heldUs: 4_000_000,
  meanUs: 8_000,
  histogram: encoded([...Array<number>(2_000).fill(6_000), ...Array<number>(2_000).fill(10_000)]),
};

/** Sent 10 µs late, 20 µs into the hub, 5 and 15 µs until the turn of the two probes, then 50 µs and 1 more each time. */
const messages = Array.from({ length: DUE }, (_, index) => index);
const dueUs = messages.map((index) => 5_000_000 + index * 5_000);
const takenUs = dueUs.map((us) => us + 30);
export const STAMPS: ServerStamps = { takenUs, turnUs: [takenUs.map((us) => us + 5), takenUs.map((us) => us + 15)] };
export const DELIVERIES: DeliveryTimes = {
  dueUs,
  sentUs: dueUs.map((us) => us + 10),
  arrivedUs: STAMPS.turnUs.map((turns) => turns.map((us, index) => (us ?? 0) + 50 + index)),
};

export const PROBE = worker('probe', {
  delivery: { published: DUE, unpublished: 0, expected: 800, delivered: 800, lost: 0, duplicated: 0, reordered: 0 },
  connections: { opened: 2, dropped: 0, closeCodes: {} },
  staleness: STALENESS,
  deliveries: DELIVERIES,
});

function serverSample(changes: Partial<ServerSample> = {}): ServerSample {
  return {
    ...processSample(),
    bytes: { up: 0, down: 0 },
    tls: { up: 0, down: 0 },
    sockets: { accepted: 0, open: 0 },
    hub: { published: 0, received: 0, delivered: 0 },
    answers: { total: 0, empty: 0, messages: 0 },
    ledger: { up: noBytes(), down: noBytes(), uplink: { up: 0, down: 0 } },
    uncounted: { up: [], down: [] },
    requests: 0,
    wire: null,
    gaps: [],
    slowReaders: null,
    ...changes,
  };
}

/** What follows the mark `settled`, told to the last byte. */
export const LEDGER: LedgerSample = {
  up: { ...noBytes(), headers: 900, emptyPolls: 60, heartbeats: 3 },
  down: { ...noBytes(), payload: 9_000, framing: 600, headers: 10, heartbeats: 5, flowControl: 15 },
  uplink: { up: 0, down: 0 },
};

/** Each phase has a byte count of its own: 1,000 to open, 2,000 in the warm-up, 8,000, 1,600 and 30; up a tenth. */
export const SERVER: Readonly<Record<Mark, ServerSample>> = {
  started: serverSample({ rssBytes: 40_000_000 }),
  connected: serverSample({ bytes: { up: 100, down: 1_000 }, rssBytes: 40_100_000 }),
  settled: serverSample({
    atUs: 1_000_000,
    cpuUs: 600_000,
    loopActiveMs: 400,
    loopIdleMs: 600,
    bytes: { up: 300, down: 3_000 },
    hub: { published: 100, received: 0, delivered: 1_000 },
    answers: { total: 50, empty: 20, messages: 1_000 },
    requests: 70,
  }),
  windowEnd: serverSample({
    atUs: 3_000_000,
    cpuUs: 1_400_000,
    rssBytes: 45_000_000,
    loopActiveMs: 1_000,
    loopIdleMs: 2_000,
    runDelayUs: 60_000,
    bytes: { up: 1_100, down: 11_000 },
    hub: { published: 500, received: 0, delivered: 4_900 },
    answers: { total: 250, empty: 60, messages: 4_800 },
    requests: 280,
  }),
  drained: serverSample({ atUs: 3_100_000, bytes: { up: 1_260, down: 12_600 } }),
  closed: serverSample({ bytes: { up: 1_263, down: 12_630 }, ledger: LEDGER }),
};

/** A message each 5 ms. */
export const WINDOW: RoundMeasurement['window'] = {
  startUs: 1_000_000,
  dueOffsetsUs: Array.from({ length: DUE }, (_, index) => index * 5_000),
};

/** Two cores for 2 s, of which 1.5 s were busy and 40 ms stolen. */
export const MACHINE: RoundMeasurement['machine'] = {
  settled: { cpu: { busyMs: 10_000, stealMs: 0, capacityMs: 60_000 }, throttledMs: 5 },
  windowEnd: { cpu: { busyMs: 11_500, stealMs: 40, capacityMs: 64_000 }, throttledMs: 12 },
};

/** What the server counted while push was at work, or pull. */
export function serverOf(row: Row): RoundMeasurement['server'] {
  const only = (sample: ServerSample): ServerSample =>
    row === PULL
      ? { ...sample, hub: { ...sample.hub, delivered: 0 } }
      : { ...sample, answers: { total: 0, empty: 0, messages: 0 }, requests: 0 };
  return { ...SERVER, settled: only(SERVER.settled), windowEnd: only(SERVER.windowEnd) };
}

const NOTHING = { published: 0, unpublished: DUE, expected: 0, delivered: 0, lost: 0, duplicated: 0, reordered: 0 };
export const SILENT = {
  latency: encoded([]),
  serviceLatency: encoded([]),
  scheduleLag: encoded([]),
  connect: encoded([]),
  delivery: NOTHING,
  publishesReceived: 0,
  staleness: { clientUs: 4_000_000, heldUs: 0, meanUs: null, histogram: encoded([]) },
  deliveries: { dueUs: [], sentUs: [], arrivedUs: [] },
  firstUs: Array.from({ length: DUE }, () => -1),
  lastUs: Array.from({ length: DUE }, () => -1),
};

export function lost(count: number): Pick<Tally, 'delivery'> {
  return { delivery: { ...tally().delivery, published: 0, delivered: 3_200 - count, lost: count } };
}

export function busyServer(): RoundMeasurement['server'] {
  const server = serverOf(PUSH);
  return { ...server, windowEnd: { ...server.windowEnd, loopActiveMs: 2_390, loopIdleMs: 610 } };
}
