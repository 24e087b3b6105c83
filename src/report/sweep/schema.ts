import { z } from 'zod';
import { VARIABLES } from '../../scenario/vary.js';
import { slopeSchema } from '../cost-schema.js';
import { identityShape, originShape, verdictSchema } from '../schema.js';
import { COSTS } from './curve.js';

/** `sweep.json`, schema version 1. As in `result.json`, what was not measured is `null` with a reason. */
export const SWEEP_SCHEMA_VERSION = 1;

const count = z.number().int().nonnegative();
const figure = z.number().nullable();
const notMeasured = z.record(z.string(), z.string()).describe('path of a null → why it is null');

/** One run: a transport at one value of what is varied. */
export const sweepMeasurementSchema = z.object({
  value: z.number(),
  use: z.enum(['sweep', 'confirm', 'none']).describe('confirm: at a crossing; none: not sound, see reasons'),
  warmupMs: z.number(),
  durationMs: z.number(),
  state: z.enum(['completed', 'aborted', 'failed']),
  verdict: verdictSchema.nullable(),
  reasons: z.array(z.string()),
  latencyUs: z.object({ p50: figure, p99: figure.describe('null below 299 publishes') }),
  perSecond: z.object({
    serverCpuUs: figure,
    bytes: figure.describe('TCP payload, both directions'),
    deliveries: figure,
    polls: figure,
  }),
  perDelivery: z.object({ serverCpuUs: figure, bytes: figure }),
  machineBusyUsPerSecond: figure.describe('all cores and all programs, clients included (/proc/stat)'),
  serverGrownBytes: figure.describe('RSS, from before the first to after the last connect, after a forced collection'),
  notMeasured,
});

const curve = z
  .object({
    fixed: z.number(),
    fixedStandardError: z.number(),
    growing: z.number().describe('with each more of what is varied; of an interval, of polls a second and client'),
    growingStandardError: z.number(),
    measurements: count,
    typicalMissShare: z.number().describe('standard deviation of predicted / measured − 1'),
    largestMiss: z.object({ value: z.number(), share: z.number() }),
    linear: z.boolean(),
  })
  .nullable();

const growth = z
  .object({ exponent: z.number(), standardError: z.number(), measurements: count })
  .nullable()
  .describe('of figure ∝ valueᵉ');

export const sweepRowSchema = z.object({
  ...identityShape,
  follows: z
    .boolean()
    .describe('whether what is varied makes a difference to it: only rows that poll have an interval'),
  curves: z
    .object({ serverCpu: curve, bytes: curve })
    .describe('a second: fixed + growing × what is varied; CPU in µs, bytes in both directions'),
  growth: z.object({
    serverCpu: growth.describe('a second'),
    serverCpuPerDelivery: growth,
    bytes: growth.describe('a second'),
    latencyP50: growth,
    latencyP99: growth,
  }),
  memoryPerClient: slopeSchema.nullable(),
  notMeasured,
  measurements: z.array(sweepMeasurementSchema),
});

export const crossingSchema = z.object({
  cost: z.enum(COSTS),
  a: count.describe('index into transports'),
  b: count,
  state: z.enum(['crossing', 'throughout', 'at one end', 'not told apart']),
  at: figure.describe('value at which both cost the same'),
  low: figure.describe('between low and high neither is told to cost less, two standard errors'),
  high: figure,
  extrapolated: z.boolean().describe('beyond what was measured; derived, and not confirmed'),
  cheaperAtLow: z.enum(['a', 'b']).nullable(),
  cheaperAtHigh: z.enum(['a', 'b']).nullable(),
  confirmation: z
    .object({
      value: z.number(),
      runs: count.describe('pairs of sound runs'),
      a: z.number().describe('mean cost a second'),
      b: z.number(),
      ratio: z.number().describe('a / b, median over the pairs'),
      confirmed: z.boolean(),
    })
    .nullable(),
  notMeasured,
});

export const sweepReportSchema = z.object({
  schemaVersion: z.literal(SWEEP_SCHEMA_VERSION),
  kind: z.literal('sweep'),
  ...originShape,
  planned: count.describe('runs, without those at crossings'),
  vary: z.object({
    variable: z.enum(VARIABLES).describe('rate: messages a second; size: B of payload; interval: ms between two polls'),
    values: z.array(z.number()),
  }),
  transports: z.array(sweepRowSchema),
  crossings: z.array(crossingSchema).describe('of each two transports that are no control, for each cost'),
});

export type SweepMeasurement = z.infer<typeof sweepMeasurementSchema>;
export type SweepRow = z.infer<typeof sweepRowSchema>;
export type SweepCrossing = z.infer<typeof crossingSchema>;
export type SweepReport = z.infer<typeof sweepReportSchema>;
