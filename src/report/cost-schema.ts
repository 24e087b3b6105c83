import { z } from 'zod';
import { identityShape, originShape, verdictSchema } from './schema.js';

/** `cost.json`, schema version 1. As in `result.json`, what was not measured is `null` with a reason. */
export const COST_SCHEMA_VERSION = 1;

const count = z.number().int().nonnegative();
const figure = z.number().nullable();
const notMeasured = z.record(z.string(), z.string()).describe('path of a null → why it is null');

const estimate = z.object({
  us: z.number().describe('µs of CPU; below 0 where the measurements say so'),
  standardErrorUs: z.number(),
});

/** What grows with each further client. */
export const slopeSchema = z.object({
  bytes: z.number().describe('grown with each further client; below 0 where it fell'),
  standardErrorBytes: z.number(),
  clientCounts: z.array(count),
});

/** One run: a transport at one operating point. */
export const costMeasurementSchema = z.object({
  clients: count,
  ratePerSecond: z.number(),
  warmupMs: z.number(),
  waitMs: z.number().describe('longest wait of the transport itself, such as a poll interval; 0: none'),
  use: z.enum(['fit', 'check', 'none']).describe('check: held against the model; none: not sound, see reasons'),
  state: z.enum(['completed', 'aborted', 'failed']),
  verdict: verdictSchema.nullable(),
  reasons: z.array(z.string()),
  perSecond: z.object({ publishes: figure, deliveries: figure, polls: figure }),
  serverCpuUsPerSecond: figure,
  predictedCpuUsPerSecond: figure,
  machineBusyUsPerSecond: figure.describe('all cores and all programs, clients included (/proc/stat)'),
  serverGrownBytes: figure.describe('RSS, from before the first to after the last connect, after a forced collection'),
  kernelGrownBytes: figure.describe('unreclaimable slab of the whole machine over the same time'),
  notMeasured,
});

export const costRowSchema = z.object({
  ...identityShape,
  cpu: z
    .object({
      perClient: estimate.nullable().describe('a second'),
      perPublish: estimate.nullable(),
      perDelivery: estimate.nullable(),
      perPoll: estimate.nullable(),
      measurements: count,
      typicalMissShare: z.number().describe('standard deviation of predicted / measured − 1'),
      largestMiss: z.object({ point: z.string(), share: z.number() }),
      linear: z.boolean(),
    })
    .nullable(),
  memoryPerClient: slopeSchema.nullable(),
  kernelMemoryPerClient: slopeSchema.nullable().describe('both ends of its connections; whole machine'),
  check: z
    .object({ predictedCpuShare: z.number(), measuredCpuShare: z.number() })
    .nullable()
    .describe("at the scenario's own load, which the model has not seen"),
  notMeasured,
  measurements: z.array(costMeasurementSchema),
});

export const costReportSchema = z.object({
  schemaVersion: z.literal(COST_SCHEMA_VERSION),
  kind: z.literal('cost'),
  ...originShape,
  planned: count.describe('runs'),
  points: z.array(z.object({ clients: count, ratePerSecond: z.number() })),
  transports: z.array(costRowSchema),
});

export type CostMeasurement = z.infer<typeof costMeasurementSchema>;
export type CostRow = z.infer<typeof costRowSchema>;
export type CostReport = z.infer<typeof costReportSchema>;
