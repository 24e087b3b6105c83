import { z } from 'zod';
import { FINDABLE } from '../../scenario/capacity-plan.js';
import { identityShape, originShape, verdictSchema } from '../schema.js';
import { FAILURES } from './search.js';

/** `capacity.json`, schema version 1. As in `result.json`, what was not measured is `null` with a reason. */
export const CAPACITY_SCHEMA_VERSION = 1;

const figure = z.number().nullable();
const notMeasured = z.record(z.string(), z.string()).describe('path of a null → why it is null');

const failure = z.enum(FAILURES);

export const capacityTrialSchema = z.object({
  level: z.number().describe('clients, or messages a second'),
  kind: z.enum(['trial', 'confirm']).describe('confirm: the long stage'),
  outcome: z
    .enum(['pass', ...FAILURES])
    .nullable()
    .describe('null: interrupted'),
  reasons: z.array(z.string()).describe('why it is no pass'),
  state: z.enum(['completed', 'aborted', 'failed']),
  verdict: verdictSchema.nullable(),
  durationMs: z.number().describe('of its window'),
  latencyUs: z.object({ p50: figure, p99: figure }),
  serverCpuShare: figure.describe('of one core'),
  machineBusyShare: figure.describe('of all cores together, clients included'),
  generatorUtilization: figure.describe('event loop of the busiest process of the generator'),
  notMeasured,
});

export const capacityRowSchema = z.object({
  ...identityShape,
  state: z
    .enum(['found', 'limit', 'none', 'budget', 'interrupted'])
    .describe(
      'found: the bracket is narrow enough; limit: the highest level that may be tried passes; none: not even the lowest does; budget, interrupted: the bracket is as far as it came',
    ),
  pass: figure.describe('highest level that passes'),
  fail: figure.describe('lowest level that does not'),
  failedBy: failure
    .nullable()
    .describe(
      'who gave out at `fail`: latency, delivery and server are limits of the transport; generator and run are not',
    ),
  failReasons: z.array(z.string()),
  confirmed: z.boolean().describe('`pass` has come through the long stage'),
  ceiling: z.object({ level: z.number(), limit: z.string() }).describe('highest level that may be tried, and why'),
  notMeasured,
  trials: z.array(capacityTrialSchema),
});

export const capacityReportSchema = z.object({
  schemaVersion: z.literal(CAPACITY_SCHEMA_VERSION),
  kind: z.literal('capacity'),
  ...originShape,
  find: z.enum(FINDABLE),
  objective: z.object({ p99Ms: z.number(), deliveredShare: z.literal(1) }),
  start: z.number(),
  within: z.number().describe('share by which the two ends of the answer may differ'),
  budgetMs: z.number(),
  transports: z.array(capacityRowSchema),
});

export type CapacityTrialRecord = z.infer<typeof capacityTrialSchema>;
export type CapacityRow = z.infer<typeof capacityRowSchema>;
export type CapacityReport = z.infer<typeof capacityReportSchema>;
