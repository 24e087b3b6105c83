import { probit } from 'simple-statistics';
import { LatencyHistogram } from '../metrics/histogram.js';
import { describeHistogram, withheldDistribution } from '../report/distribution.js';
import { projectedTraffic } from '../report/projection.js';
import { buildReport, type ReportParts } from '../report/report.js';
import { stalenessP99 } from '../report/round-staleness.js';
import type { RowIdentity } from '../report/rows.js';
import type { CompletedRun, Environment, RunResult } from '../report/schema.js';
import type { Scenario } from '../scenario/scenario.js';
import { WAIT } from '../scenario/when-full.js';
import { addUp, IN_FRAMING, partsOf } from './example-parts.js';

/** A row as `reportRow` needs it, and what its rounds measure. */
export interface ExampleRow {
  readonly row: RowIdentity;
  /** Latency in µs at a quantile in (0, 1), on a machine that is `slowness` times as slow as usual. */
  readonly latencyUs: (quantile: number, slowness: number) => number;
  readonly bytes: { readonly up: number; readonly down: number };
  readonly cpuUs: number;
  readonly rssPerClientBytes: number | null;
  readonly openingBytes: { readonly up: number; readonly down: number };
  /** Requests in the window of a round. */
  readonly requests: { readonly total: number; readonly empty: number };
}

export const EXAMPLE_SCENARIO: Scenario = {
  name: 'broadcast',
  title: 'Broadcast: one feed to many readers',
  question: 'Which technique should push a live feed to 100 readers?',
  scale: 1,
  toleratesMs: 200,
  rounds: 3,
  auto: null,
  seed: 1,
  workers: 1,
  probes: 5,
  interleaveMs: null,
  tls: false,
  preset: null,
  via: null,
  network: null,
  whenFull: WAIT,
  slowReaders: null,
  auth: null,
  heartbeatMs: null,
  faults: null,
  expect: [],
  workload: {
    clients: 100,
    publish: 'server',
    channels: 1,
    ratePerSecond: 120,
    sizeBytes: 200,
    payload: 'text',
    arrivals: 'poisson',
    uplink: null,
    warmupMs: 1_000,
    durationMs: 2_500,
  },
};

const EXAMPLE_ENVIRONMENT: Environment = {
  node: 'v20.20.0',
  os: 'Linux x64',
  kernel: '6.1.0',
  cpu: 'Example CPU @ 2.50GHz',
  cores: 2,
  memoryBytes: 8_323_633_152,
  descriptors: 20_000,
  libraries: { ws: '8.23.0', undici: '7.30.2', eventsource: '4.1.1' },
  tcpCongestion: 'cubic',
  cgroupCpuMax: null,
  pinning: null,
  network: 'loopback',
  tls: null,
  proxy: null,
  deflateRatio: 0.69,
};

/** Log-normal: what queues and schedulers make of a short time. */
function around(medianUs: number, sigma: number): ExampleRow['latencyUs'] {
  return (quantile, slowness) => slowness * medianUs * Math.exp(sigma * probit(quantile));
}

function web(
  transport: string,
  label: string,
  delivery: 'pull' | 'push',
  settings: RowIdentity['settings'],
): ExampleRow['row'] {
  return { transport, label, settings, profile: { group: 'web', delivery } };
}

const noRequests = { total: 0, empty: 0 };

export const EXAMPLE_ROWS = {
  shortPolling: {
    row: web('short-polling', 'Short polling', 'pull', { intervalMs: 500, keepAlive: true, format: 'json' }),
    latencyUs: (quantile, slowness) => 1_500 * slowness + 499_000 * quantile,
    bytes: { up: 3.07, down: 318.4 },
    cpuUs: 4.85,
    rssPerClientBytes: 10_650,
    openingBytes: { up: 18_400, down: 21_200 },
    requests: { total: 500, empty: 0 },
  },
  longPolling: {
    row: web('long-polling', 'Long polling', 'pull', { holdMs: 25_000, format: 'json' }),
    latencyUs: around(2_150, 0.42),
    bytes: { up: 184.6, down: 448.2 },
    cpuUs: 58.4,
    rssPerClientBytes: 11_900,
    openingBytes: { up: 18_400, down: 0 },
    requests: { total: 28_900, empty: 0 },
  },
  sse: {
    row: web('sse', 'SSE', 'push', {}),
    latencyUs: around(820, 0.36),
    bytes: { up: 0, down: 226 },
    cpuUs: 13.1,
    rssPerClientBytes: 10_240,
    openingBytes: { up: 16_600, down: 18_900 },
    requests: noRequests,
  },
  webSocket: {
    row: web('websocket', 'WebSocket', 'push', { deflate: false, ids: false }),
    latencyUs: around(790, 0.36),
    bytes: { up: 0, down: 204 },
    cpuUs: 12.6,
    rssPerClientBytes: 9_320,
    openingBytes: { up: 25_100, down: 12_900 },
    requests: noRequests,
  },
  grpc: {
    row: {
      transport: 'grpc',
      label: 'gRPC stream',
      settings: {},
      profile: { group: 'rpc', delivery: 'push' },
    },
    latencyUs: around(1_180, 0.38),
    bytes: { up: 0.43, down: 216 },
    cpuUs: 27.3,
    rssPerClientBytes: null,
    openingBytes: { up: 31_300, down: 9_800 },
    requests: noRequests,
  },
  tcp: {
    row: {
      transport: 'tcp',
      label: 'TCP (floor)',
      settings: {},
      profile: { group: 'control', delivery: 'push' },
    },
    latencyUs: around(640, 0.34),
    bytes: { up: 0, down: 208 },
    cpuUs: 9.4,
    rssPerClientBytes: 6_450,
    openingBytes: { up: 2_100, down: 0 },
    requests: noRequests,
  },
} as const satisfies Record<string, ExampleRow>;

/** How much slower than usual the machine was in each round: the noise that paired rounds share. */
const ROUND_FACTORS = [1, 0.955, 1.06];

const measured = new Map<string, CompletedRun>();

/** A sound round of a row: every figure measured except those the row has as null. */
export function exampleRun(example: ExampleRow, round: number, scenario: Scenario = EXAMPLE_SCENARIO): CompletedRun {
  // Tests ask for the same rounds over and over, and their histograms hold 30,000 values each.
  // A function has no JSON: two of its values tell it from others.
  const key = JSON.stringify([example, example.latencyUs(0.5, 1), example.latencyUs(0.99, 1), round, scenario]);
  const run = measured.get(key) ?? measure(example, round, scenario);
  measured.set(key, run);
  return run;
}

const made = new WeakMap<ExampleRow, Map<string, unknown>>();

/** Histograms of ten thousands of values take a while, and hundreds of tests want the same ones. */
function once<T>(example: ExampleRow, key: string, make: () => T): T {
  const ofRow = made.get(example) ?? new Map<string, unknown>();
  made.set(example, ofRow);
  if (!ofRow.has(key)) ofRow.set(key, make());
  return ofRow.get(key) as T;
}

function measure(example: ExampleRow, round: number, scenario: Scenario): CompletedRun {
  const { clients, ratePerSecond, durationMs } = scenario.workload;
  const published = Math.round((ratePerSecond * durationMs) / 1_000);
  const delivered = published * clients;
  const probed = published * scenario.probes;
  const factor = ROUND_FACTORS[round % ROUND_FACTORS.length] ?? 1;
  const cpuUs = example.cpuUs * (1 + (factor - 1) / 2);
  return {
    state: 'completed',
    round,
    verdict: 'valid',
    reasons: [],
    samples: { publishes: published, deliveries: probed },
    ...once(example, `latencies ${factor} ${published} ${probed} ${delivered} ${clients}`, () =>
      latencies(example, factor, { published, probed, delivered, clients }),
    ),
    stalenessMs: once(example, `staleness ${factor} ${scenario.probes} ${ratePerSecond} ${durationMs}`, () =>
      stalenessOf(example, factor, scenario),
    ),
    network: null,
    steadyState: { points: published, transientShare: 0.05, drift: 1, reached: true },
    overTime: overTimeOf(example, factor, { probed, durationMs }),
    browser: null,
    attribution: attributionOf(example, factor, probed),
    delivery: { published, unpublished: 0, expected: delivered, delivered, lost: 0, duplicated: 0, reordered: 0 },
    connections: {
      opened: clients,
      dropped: 0,
      reconnected: 0,
      accepted: { opening: clients, window: 0 },
      closeCodes: {},
    },
    throughput: { offeredPerSecond: ratePerSecond, deliveredPerSecond: delivered / (durationMs / 1_000) },
    bytes: bytesOf(example, delivered, scenario.workload),
    server: {
      cpuUsPerMessage: cpuUs,
      cpuShare: (cpuUs * delivered) / (durationMs * 1_000),
      rssBytes: 71_303_168,
      rssPerClientBytes: example.rssPerClientBytes === null ? null : Math.round(example.rssPerClientBytes * factor),
      eventLoopUtilization: Math.min(0.99, (cpuUs * delivered * 0.9) / (durationMs * 1_000)),
      runDelayShare: 0.004 * factor,
    },
    generator: {
      cpuUsPerMessage: 21.4 * factor,
      cpuShare: 0.26,
      rssBytes: 176_160_768,
      eventLoopUtilization: 0.24,
      busyInFlightShare: 0.61,
      runDelayShare: 0.006 * factor,
      scheduleLagUs: { p50: Math.round(9 * factor), p99: Math.round(74 * factor), max: Math.round(310 * factor) },
    },
    machine: { busyMs: 2_150, busyShare: 0.43, stealShare: 0, throttledMs: null },
    slowReaders: null,
    uplink: null,
    recovery: null,
    roundTrips: null,
    fault: 'none',
    stalls: [],
    notMeasured: notMeasuredOf(example),
  };
}

/** The publisher is 9 µs late, the way into the hub takes 60 µs; of a pull most is the wait for the poll. */
function attributionOf(
  { latencyUs, row }: ExampleRow,
  factor: number,
  deliveries: number,
): CompletedRun['attribution'] {
  const parts = (share: number, quantile: number) => {
    const total = latencyUs(quantile, factor);
    const [scheduleLagUs, ingressUs] = [9 * factor, 60 * factor];
    const turnUs = (total - scheduleLagUs - ingressUs) * (row.profile.delivery === 'pull' ? 0.9 : 0.35);
    const transportUs = total - scheduleLagUs - ingressUs - turnUs;
    return {
      deliveries: Math.round(deliveries * share),
      latencyUs: total,
      scheduleLagUs,
      ingressUs,
      turnUs,
      transportUs,
    };
  };
  return { mean: parts(1, 0.55), aroundP50: parts(0.1, 0.5), aboveP99: parts(0.01, 0.995) };
}

/** It sways by a tenth through the window. */
function overTimeOf(
  { latencyUs }: ExampleRow,
  factor: number,
  { probed, durationMs }: { probed: number; durationMs: number },
): CompletedRun['overTime'] {
  const slices = Array.from({ length: 20 }, (_, slice) => factor * (1 + Math.sin(slice / 3) / 10));
  return {
    sliceMs: durationMs / slices.length,
    count: slices.map(() => probed / slices.length),
    meanUs: slices.map((slowness) => Math.round(latencyUs(0.55, slowness))),
    maxUs: slices.map((slowness) => Math.round(latencyUs(0.99, slowness))),
  };
}

/** Of Poisson messages the mean age is 1/rate and the mean latency, whatever the technique. */
function stalenessOf(
  { latencyUs }: ExampleRow,
  factor: number,
  { probes, workload: { ratePerSecond, durationMs } }: Scenario,
): CompletedRun['stalenessMs'] {
  const ageUs = (quantile: number) => 1_000_000 / ratePerSecond + latencyUs(quantile, factor);
  const histogram = new LatencyHistogram();
  const clientMs = probes * durationMs;
  for (let ms = 0; ms < clientMs; ms++) histogram.record(ageUs((ms + 0.5) / clientMs));
  const { p99 } = stalenessP99(histogram.encode(), 299);
  return { mean: histogram.mean / 1_000, p99, clientMs, histogram: histogram.encode() };
}

function notMeasuredOf(example: ExampleRow): Record<string, string> {
  return {
    roundTrips: 'clients were on loopback: --rtt or --network puts a distance between',
    recovery: 'nothing was done to the run, and clients do not come back by themselves (--fault, --reconnect)',
    'bytes.ip': 'modelled per message only',
    slowReaders: 'every client reads as fast as it can (no --slow-readers)',
    ...(example.row.profile.group === 'rpc' ? IN_FRAMING : {}),
    'bytes.perPublish': 'the server publishes',
    'bytes.perUplink': 'clients send nothing besides in this workload (`uplink`)',
    uplink: 'clients send nothing besides in this workload (`uplink`)',
    ...(example.row.profile.delivery === 'pull'
      ? { 'bytes.frames': 'pull techniques have answers, not frames' }
      : { 'bytes.messagesPerResponse': 'push techniques have no answers' }),
    ...(example.rssPerClientBytes === null
      ? { 'server.rssPerClientBytes': 'memory fell while clients connected' }
      : {}),
    'machine.throttledMs': 'no CPU limit is known of',
    'latencyUs.p999': 'needs 2,995 publishes, there were 300',
  };
}

function latencies(
  { latencyUs }: ExampleRow,
  factor: number,
  counts: { published: number; probed: number; delivered: number; clients: number },
) {
  const describe = (name: string, count: number, valueUs: ExampleRow['latencyUs'], scale = 1) => {
    const histogram = new LatencyHistogram();
    for (let i = 0; i < count; i++) histogram.record(valueUs((i + 0.5) / count, factor * scale));
    const samples = Math.min(count, counts.published);
    return describeHistogram(name, histogram, { count: samples, noun: 'publishes' }).distribution;
  };
  return {
    latencyUs: describe('latencyUs', counts.probed, latencyUs),
    serviceLatencyUs: describe('serviceLatencyUs', counts.probed, latencyUs, 0.99),
    crowdLatencyUs: describe('crowdLatencyUs', counts.delivered - counts.probed, latencyUs, 1.08),
    firstRecipientUs: describe('firstRecipientUs', counts.published, (at, slowness) => latencyUs(at / 50, slowness)),
    lastRecipientUs: describe('lastRecipientUs', counts.published, (at, slowness) => latencyUs(1 - at / 50, slowness)),
    connectUs: describe('connectUs', counts.clients, around(2_900, 0.5)),
  };
}

function bytesOf(
  example: ExampleRow,
  delivered: number,
  { warmupMs, durationMs, clients }: Scenario['workload'],
): CompletedRun['bytes'] {
  const { bytes, openingBytes, requests, row } = example;
  const warmupShare = warmupMs / durationMs;
  const seconds = durationMs / 1_000;
  const window = { up: Math.round(bytes.up * delivered), down: Math.round(bytes.down * delivered) };
  const warmup = { up: Math.round(window.up * warmupShare), down: Math.round(window.down * warmupShare) };
  const drain = { up: 0, down: 0 };
  const close = { up: 800, down: 400 };
  const pull = row.profile.delivery === 'pull';
  return {
    layer: 'socket',
    side: 'server',
    up: openingBytes.up + warmup.up + window.up + close.up,
    down: openingBytes.down + warmup.down + window.down + close.down,
    perMessage: bytes,
    perPublish: { up: null, down: null },
    perUplink: { up: null, down: null },
    phases: { open: openingBytes, warmup, window, drain, close },
    parts: partsOf(example, { delivered, window, opening: addUp(openingBytes, warmup), close }),
    projected: projectedTraffic(bytes, delivered / seconds, clients),
    requests,
    messagesPerResponse: pull ? delivered / (requests.total - requests.empty) : null,
    frames: pull ? null : delivered,
    ip: modelledIp(bytes, delivered, pull ? 3 * requests.total : 2 * delivered),
  };
}

function modelledIp({ up, down }: ExampleRow['bytes'], delivered: number, packets: number) {
  const perMessage = { bytes: up + down + (52 * packets) / delivered, packets: packets / delivered };
  return { source: 'modelled' as const, bytes: null, packets: null, retransmitted: null, perMessage, phases: null };
}

/** A round without any latency, as of a run in which nothing was delivered. */
export function withoutLatency(run: CompletedRun): CompletedRun {
  const { distribution, notMeasured } = withheldDistribution('latencyUs', 'nothing was recorded');
  return { ...run, latencyUs: distribution, notMeasured: { ...run.notMeasured, ...notMeasured } };
}

/** The rounds of a row. */
export function exampleRuns(example: ExampleRow, scenario: Scenario = EXAMPLE_SCENARIO): RunResult[] {
  return Array.from({ length: scenario.rounds }, (_, round) => exampleRun(example, round, scenario));
}

/** A row and its results, as `buildReport` takes them. */
export function exampleResults(
  example: ExampleRow,
  results: readonly RunResult[] = exampleRuns(example),
): ReportParts['rows'][number] {
  return { row: example.row, results };
}

/** The stored example, or one with other parts. */
export function exampleReport(changes: Partial<ReportParts> = {}) {
  const scenario = changes.scenario ?? EXAMPLE_SCENARIO;
  return buildReport({
    tool: { name: 'rtbench', version: '0.1.0' },
    startedAt: new Date('2026-01-15T10:30:00.000Z'),
    durationMs: 96_400,
    command: 'rtbench run broadcast --seed 1',
    scenario,
    environment: EXAMPLE_ENVIRONMENT,
    interrupted: false,
    endedBy: 'rounds',
    rows: Object.values(EXAMPLE_ROWS).map((example) => exampleResults(example, exampleRuns(example, scenario))),
    ...changes,
  });
}
