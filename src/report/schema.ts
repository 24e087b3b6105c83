import { z } from 'zod';
import { authSchema, authWaySchema } from './auth-schema.js';
import { browserSchema, unreachableSchema } from './browser-schema.js';
import { expectationSchema, expectSchema } from './expectations-schema.js';
import { guideSchema } from './guide/schema.js';
import { networkConditionsSchema, networkSchema, roundNetworkSchema } from './network-schema.js';
import { observedSchemaWith } from './observed-schema.js';
import { proxySchema, proxySoftwareSchema, viaSchema } from './proxy-schema.js';
import { faultPlanSchema, recoverySchemaOf } from './recovery-schema.js';
import { roundTripsSchema } from './round-trips-schema.js';
import { slowReadersAskedSchema, slowReadersSchemaWith, whenFullSchema } from './slow-readers-schema.js';
import { targetFactsSchema } from './target-schema.js';
import { uplinkAskedSchema, uplinkSchemaWith } from './uplink-schema.js';

/**
 * `result.json`, schema version 1. A figure that was not measured is `null`, and `notMeasured` holds the reason under
 * its path; it is never 0 and never left out.
 */
export const SCHEMA_VERSION = 1;

const count = z.number().int().nonnegative();
const figure = z.number().nullable();
/** A figure that results of the first rtbench lack. */
const addedFigure = figure.default(null);
const upDown = z.object({ up: figure, down: figure });
const upDownCount = z.object({ up: count, down: count });

/** Percentiles in µs from an HDR histogram (1 µs to 60 s, 3 significant digits), and the histogram itself. */
export const distributionSchema = z.object({
  count,
  min: figure,
  mean: figure,
  p50: figure,
  p90: figure,
  p95: figure,
  p99: figure.describe('null below 299 publishes'),
  p999: figure.describe('null below 2,995 publishes'),
  max: figure,
  histogram: z.string().nullable().describe('HdrHistogram V2, compressed, base64'),
});

export const verdictSchema = z.enum(['valid', 'suspect', 'saturated', 'invalid']);

const volume = z.object({ bytes: count, packets: count });

/** Without a direction: the kernel's counters of an interface do not tell who sent a packet. */
const ipSchema = z
  .object({
    source: z
      .enum(['measured', 'modelled'])
      .describe('measured: counters of the loopback of a network namespace of its own, MTU 1500 (--wire)'),
    bytes: count.nullable().describe('whole IP packets, headers and acknowledgements included, opening to close'),
    packets: count.nullable(),
    retransmitted: count.nullable().describe('TCP segments sent again'),
    perMessage: z.object({ bytes: figure, packets: figure }).describe('per delivery, up and down together'),
    phases: z.object({ open: volume, warmup: volume, window: volume, drain: volume, close: volume }).nullable(),
  })
  .nullable()
  .default(null)
  .describe('the IP layer of the same traffic, up and down together');

const bytesSchema = z.object({
  layer: z.literal('socket').describe('TCP payload; IP and TCP headers are not in it'),
  side: z.enum(['server', 'client']).describe('whose sockets were counted'),
  up: count.describe('client to server, all technique sockets of the run, opening to close'),
  down: count.describe('server to client'),
  perMessage: upDown.describe('per delivery'),
  perPublish: upDown.describe('bytes of uplinks and their answers per message published by clients'),
  perUplink: upDown
    .default({ up: null, down: null })
    .describe('bytes of uplinks and their answers per message that clients sent besides (`uplink`)'),
  phases: z.object({
    open: upDownCount,
    warmup: upDownCount,
    window: upDownCount,
    drain: upDownCount,
    close: upDownCount,
  }),
  parts: z
    .object({
      payload: upDown.describe('bodies as they were published'),
      framing: upDown.describe('what surrounds a body in its own message'),
      headers: upDown.describe('of requests and answers around messages, and of connections opened later'),
      emptyPolls: upDown.describe('whole requests and answers of polls without a message'),
      heartbeats: upDown.describe('pings, their answers, comments'),
      flowControl: upDown.describe('control frames of HTTP/2, close frames of WebSocket'),
      opening: upDown.describe('everything before the window: phases open and warmup'),
    })
    .nullable()
    .describe('what the bytes were for; those that are not null add up to the totals of their direction, exactly'),
  projected: z
    .object({ gbPerMonth: upDown, gbPerMonthPerClient: upDown })
    .default({ gbPerMonth: { up: null, down: null }, gbPerMonthPerClient: { up: null, down: null } })
    .describe('GB (10⁹ bytes) in 30 days: bytes per delivery × deliveries per second × 2,592,000 s'),
  requests: z
    .object({ total: count.nullable(), empty: count.nullable() })
    .describe('HTTP requests in the window; empty: polls answered without a message'),
  messagesPerResponse: figure.describe('messages per non-empty answer, pull only'),
  frames: figure.describe('messages written one by one in the window, push only'),
  ip: ipSchema,
});

const machineSchema = z
  .object({
    busyMs: figure.describe('of all cores together, in the window; every program, kernel and interrupts included'),
    busyShare: figure.describe('of all cores together'),
    stealShare: figure.describe('of all cores together: the hypervisor ran something else'),
    throttledMs: figure.describe('held back by the CPU limit of a container (cgroup), summed over cores'),
  })
  .default({ busyMs: null, busyShare: null, stealShare: null, throttledMs: null });

const latencyParts = z.object({
  deliveries: count,
  latencyUs: figure.describe('mean of these deliveries, the sum of the four'),
  scheduleLagUs: figure.describe('due → sent'),
  ingressUs: figure.describe('sent → the hub has it; the uplink where clients publish'),
  turnUs: figure.describe("the hub has it → this client's turn: its place in the fan-out, or the wait for its poll"),
  transportUs: figure.describe("this client's turn → its callback"),
});

const figuresShape = {
  samples: z.object({
    publishes: count.describe(
      'messages due in the window that reached a probe; where `observed`, the most that one probe got',
    ),
    deliveries: count.describe('their deliveries to probes'),
  }),
  latencyUs: distributionSchema.describe(
    'probes: intended publish → client callback; where `observed`, time in the message → client callback',
  ),
  serviceLatencyUs: distributionSchema.describe('probes: actual publish → client callback'),
  crowdLatencyUs: distributionSchema.describe('the other clients: intended publish → client callback'),
  firstRecipientUs: distributionSchema.describe('per message, over every client'),
  lastRecipientUs: distributionSchema.describe('per message, over every client'),
  connectUs: distributionSchema,
  stalenessMs: z
    .object({
      mean: figure,
      p99: figure.describe('of the time, not of the messages; null below 299 publishes'),
      clientMs: z.number().describe('time that it is taken over, summed over the probes'),
      histogram: z.string().nullable().describe('HdrHistogram V2, compressed, base64: age in µs, counted once a ms'),
    })
    .describe('probes: how old the newest message is that a client holds, over the window'),
  attribution: z
    .object({ mean: latencyParts, aroundP50: latencyParts, aboveP99: latencyParts })
    .describe(
      'probes: the stages of a latency, which add up to it: of all deliveries, of a tenth around p50, beyond p99',
    ),
  delivery: z
    .object({
      published: count.nullable(),
      unpublished: count.nullable().describe('due in the window and never published'),
      expected: count.nullable(),
      delivered: count,
      lost: count.nullable(),
      duplicated: count.nullable(),
      reordered: count.nullable(),
    })
    .describe('null: it cannot be known of a server that does not pass on what is published (`observed`)'),
  connections: z.object({
    opened: count,
    dropped: count,
    reconnected: count,
    accepted: z
      .object({ opening: count, window: count })
      .nullable()
      .default(null)
      .describe('TCP connections that the server accepted: before the window, and in it'),
    closeCodes: z
      .record(z.string(), count)
      .default({})
      .describe(
        'drops by the code of the protocol or the system, such as 1001 of WebSocket; those without one are not here, as all of a result of the first rtbench',
      ),
  }),
  auth: authSchema.optional(),
  proxy: proxySchema.optional(),
  observed: observedSchemaWith(distributionSchema),
  throughput: z.object({ offeredPerSecond: figure, deliveredPerSecond: figure }),
  bytes: bytesSchema,
  server: z.object({
    cpuUsPerMessage: figure.describe('server CPU in the window per delivery'),
    cpuShare: figure.describe('of one core'),
    rssBytes: figure.describe('at the end of the window'),
    rssPerClientBytes: figure.describe(
      'growth from before the first to after the last connect, per client; one point, not a slope',
    ),
    eventLoopUtilization: figure,
    runDelayShare: addedFigure.describe('of the window: ready to run, and without a core; main thread'),
  }),
  generator: z.object({
    cpuUsPerMessage: figure.describe('CPU of probe and crowd in the window per delivery'),
    cpuShare: figure.describe('of one core, the busiest of its processes'),
    rssBytes: figure.describe('sum over its processes'),
    eventLoopUtilization: figure.describe('the busiest of its processes'),
    busyInFlightShare: addedFigure.describe(
      'event loop of the busiest crowd process, of the time between a publish and its last delivery there',
    ),
    runDelayShare: addedFigure.describe('of the window: ready to run, and without a core; the worst of its processes'),
    scheduleLagUs: z.object({ p50: figure, p99: figure, max: figure }),
  }),
  machine: machineSchema,
  slowReaders: slowReadersSchemaWith(distributionSchema),
  uplink: uplinkSchemaWith(distributionSchema),
  recovery: recoverySchemaOf(distributionSchema),
  roundTrips: roundTripsSchema,
  notMeasured: z.record(z.string(), z.string()).describe('path of a null → why it is null'),
};

const stallSchema = z.object({
  process: z.string().describe('server, probe, crowd 1, …'),
  atMs: z.number().describe('from the start of the window'),
  forMs: z.number(),
  busy: z.boolean().describe('it worked in one go; false: it stood still, stopped or without a core'),
});

const judgedShape = {
  verdict: verdictSchema,
  reasons: z.array(z.string()),
};

const steadyStateSchema = z.object({
  points: count.describe('messages of the window that reached a probe'),
  transientShare: z.number().describe('share of the window, from its start, that MSER-5 would leave out'),
  drift: z.number().describe('median latency of the second half over that of the first'),
  reached: z.boolean(),
});

const overTimeSchema = z
  .object({
    sliceMs: z.number().describe('length of a slice; the first begins with the window'),
    count: z.array(count).describe('deliveries to probes, by slice'),
    meanUs: z.array(figure),
    maxUs: z.array(figure),
  })
  .nullable()
  .default(null)
  .describe('probes: latency through the window; a delivery is in the slice in which its message was due');

const completedRound = z.object({
  state: z.literal('completed'),
  round: count,
  ...judgedShape,
  ...figuresShape,
  fault: z
    .enum(['none', 'instrument', 'delivery'])
    .default('none')
    .describe(
      'what an invalid run failed by, and `instrument` of a suspect one that the machine alone disturbed; the suite measures again after a fault of the instrument',
    ),
  stalls: z
    .array(stallSchema)
    .default([])
    .describe('times in the window in which a process did not turn its event loop'),
  network: roundNetworkSchema,
  steadyState: steadyStateSchema
    .nullable()
    .default(null)
    .describe('whether latency was steady through the window; null below 100 messages'),
  overTime: overTimeSchema,
  browser: browserSchema,
});

/** One round of one row: a fresh server process, one steady window. */
export const runResultSchema = z.discriminatedUnion('state', [
  completedRound,
  z.object({ state: z.literal('aborted'), round: count, reason: z.string() }),
  z.object({ state: z.literal('failed'), round: count, reason: z.string() }),
]);

const spread = z.object({ median: figure, min: figure, max: figure });
const interval = z.object({ low: figure, high: figure });

/** What a row is, whatever was measured of it. */
export const identityShape = {
  transport: z.string(),
  label: z.string().describe('for display; a row is identified by transport and settings'),
  group: z.enum(['web', 'rpc', 'control']),
  deliveredBy: z.enum(['pull', 'push']),
  inProcess: z
    .boolean()
    .default(false)
    .describe('a control of the instrument: messages never left one process, whose clients were the probes alone'),
  settings: z.record(z.string(), z.union([z.number(), z.boolean(), z.string()])),
};

const completedRow = z.object({
  ...identityShape,
  state: z.literal('completed'),
  ...judgedShape,
  ...figuresShape,
  spread: z
    .object({
      latencyUs: z.object({ p50: spread, p99: spread }),
      bytesPerMessage: z.object({ up: spread, down: spread }),
      serverCpuUsPerMessage: spread,
      rssPerClientBytes: spread,
    })
    .describe('median and range over the completed rounds'),
  interval: z
    .object({
      latencyUs: z.object({ p50: interval, p99: interval }).describe('of the percentiles of all rounds together'),
      bytesPerMessage: z
        .object({ up: interval, down: interval })
        .describe('of the median over rounds, as the next two'),
      serverCpuUsPerMessage: interval,
      rssPerClientBytes: interval,
    })
    .describe('95 % bootstrap intervals from whole rounds drawn anew, approximate; null below 6 rounds'),
  rounds: z.array(runResultSchema),
});

/**
 * A transport or variant over its rounds. `failed` when a round failed; `completed` when none did and at least one
 * ran to its end (fewer than planned after an interruption, which a reason then says); else `aborted`.
 */
export const rowSchema = z.discriminatedUnion('state', [
  completedRow,
  z.object({
    ...identityShape,
    state: z.enum(['aborted', 'failed']),
    verdict: verdictSchema,
    reasons: z.array(z.string()),
    rounds: z.array(runResultSchema),
  }),
]);

export const scenarioSchema = z.object({
  name: z.string(),
  title: z.string(),
  question: z.string(),
  scale: z
    .number()
    .default(1)
    .describe('everything that is a time or a rate of the scenario is so many times as fast as in life; 1: as in life'),
  toleratesMs: z.number(),
  rounds: count.describe('with `auto` the most there might have been'),
  auto: z
    .object({ budgetMs: z.number() })
    .nullable()
    .default(null)
    .describe('rounds until the figures are precise enough; null: their number was given'),
  seed: count,
  workers: count,
  probes: count,
  interleaveMs: z
    .number()
    .nullable()
    .default(null)
    .describe('the rows of a round ran side by side and published in turns of this length; null: one after the other'),
  tls: z.boolean().default(false).describe('every row over TLS'),
  preset: z.literal('web').nullable().default(null).describe('web: what a browser gets'),
  via: viaSchema,
  network: networkConditionsSchema,
  whenFull: whenFullSchema,
  slowReaders: slowReadersAskedSchema,
  auth: authWaySchema
    .nullable()
    .default(null)
    .describe('how clients authenticate, where the row can; null: not at all'),
  heartbeatMs: z
    .number()
    .nullable()
    .default(null)
    .describe('time between two heartbeats of every row that can have them; null: as its settings are'),
  faults: faultPlanSchema,
  expect: expectSchema,
  workload: z.object({
    clients: count,
    publish: z
      .enum(['server', 'clients', 'observe'])
      .describe('observe: nothing was published, and rate and size say nothing'),
    channels: z.union([count, z.literal('private')]),
    ratePerSecond: z.number(),
    sizeBytes: count,
    payload: z.enum(['text', 'binary']),
    arrivals: z.union([z.enum(['poisson', 'periodic']), z.object({ meanSize: z.number() }).describe('in bursts')]),
    uplink: uplinkAskedSchema,
    warmupMs: z.number(),
    durationMs: z.number(),
  }),
});

export const environmentSchema = z.object({
  node: z.string(),
  os: z.string(),
  kernel: z.string(),
  cpu: z.string(),
  cores: count,
  memoryBytes: count,
  descriptors: count.nullable().describe('open files allowed to one process'),
  libraries: z.record(z.string(), z.string()),
  tcpCongestion: z.string().nullable(),
  cgroupCpuMax: z.string().nullable().describe('cpu.max of the cgroup; null where there is no limit to read'),
  pinning: z.record(z.string(), z.string()).nullable().describe('role of process → cores, with --pin'),
  network: z
    .enum(['loopback', 'namespace'])
    .describe('namespace: loopback of a network namespace of its own, MTU 1500, no segmentation offload (--wire)'),
  tls: z
    .object({
      version: z.string(),
      cipher: z.string(),
      keyExchange: z.string().nullable().describe('group of the key exchange; null where Node does not tell'),
      alpn: z
        .array(z.string())
        .describe('what is agreed on where a client asks: HTTP/2 and gRPC, HTTP/1.1 and WebSocket'),
      certificate: z.string(),
      sessionTickets: count.describe('sent by the server after a full handshake'),
      openssl: z.string(),
    })
    .nullable()
    .default(null)
    .describe("as negotiated with this suite's certificate; null: in the clear"),
  proxy: proxySoftwareSchema,
  /** Deflated size of a body over its size: how compressible this workload is. */
  deflateRatio: figure,
});

/**
 * Why there were no more rounds: all planned ones were done; p50 and p99 of every row were precise enough; the time
 * budget was spent; Ctrl-C.
 */
export const endedBySchema = z.enum(['rounds', 'precision', 'budget', 'interruption']);

export const toolSchema = z.object({ name: z.string(), version: z.string() });

/** What every document says of how it came about. */
export const madeShape = {
  tool: toolSchema,
  startedAt: z.string().describe('ISO 8601'),
  durationMs: z.number(),
  command: z.string().describe('the command that measures this again'),
  environment: environmentSchema,
  interrupted: z.boolean(),
};

const { environment, interrupted, ...made } = madeShape;

/** The same of a document about one scenario. */
export const originShape = { ...made, scenario: scenarioSchema, environment, interrupted };

export const reportSchema = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  ...originShape,
  endedBy: endedBySchema.nullable().describe('null: saved while runs were still to come'),
  verdict: verdictSchema,
  reasons: z.array(z.string()),
  network: networkSchema,
  target: targetFactsSchema.optional(),
  transports: z.array(rowSchema),
  unreachable: unreachableSchema,
  expectations: z.array(expectationSchema).default([]).describe('what came of the thresholds, for every row'),
  guide: guideSchema.optional(),
});

export type Distribution = z.infer<typeof distributionSchema>;
export type EndedBy = z.infer<typeof endedBySchema>;
export type Fault = CompletedRun['fault'];
export type LatencyParts = z.infer<typeof latencyParts>;
export type Verdict = z.infer<typeof verdictSchema>;
export type RunResult = z.infer<typeof runResultSchema>;
export type CompletedRun = Extract<RunResult, { state: 'completed' }>;
export type ReportRow = z.infer<typeof rowSchema>;
export type CompletedRow = Extract<ReportRow, { state: 'completed' }>;
export type Spread = z.infer<typeof spread>;
export type Interval = z.infer<typeof interval>;
export type Environment = z.infer<typeof environmentSchema>;
export type Report = z.infer<typeof reportSchema>;
