import { z } from 'zod';
import { authWaySchema } from './auth-schema.js';
import { identityShape, originShape } from './schema.js';

/** `idle.json`, schema version 1. As in `result.json`, what was not measured is `null` with a reason. */
export const IDLE_SCHEMA_VERSION = 1;

const count = z.number().int().nonnegative();
const ms = z.number().nonnegative();
const notMeasured = z.record(z.string(), z.string()).describe('path of a null → why it is null');

const traffic = z.object({ up: z.number(), down: z.number() });

const noticed = z.object({
  noticed: count.describe('so many of them noticed while they were watched'),
  ms: z.object({ min: ms, median: ms, max: ms }).nullable().describe('of those that noticed; null: none did'),
  promisedMs: ms.nullable().describe('what the settings promise; null: nothing'),
});

/** One transport with one heartbeat. */
export const idleRowSchema = z.object({
  ...identityShape,
  state: z.enum(['completed', 'failed']),
  reason: z.string().nullable().describe('why it failed'),
  auth: authWaySchema.nullable().default(null).describe('how its clients show a token; null: not at all'),
  heartbeat: z.object({
    by: z.enum(['interval', 'settings']).describe('interval: set to the one asked for; settings: as the row has them'),
    means: z.string().nullable().describe('what crosses an idle connection; null: nothing'),
    everyMs: ms.nullable().describe('longest time between two; null: never'),
  }),
  bytes: z
    .object({
      overMs: ms,
      heartbeats: count.describe('in that time'),
      up: count,
      down: count,
      connections: count.describe('new ones that the client made in that time'),
      theory: traffic.nullable().describe('of as many heartbeats, by what the protocol defines'),
      perMinute: traffic,
    })
    .nullable()
    .describe('TCP payload of one idle client, counted at the server'),
  scaled: z
    .object({
      everyMs: ms,
      perMinute: traffic,
      ipPerMinute: z.number().describe('both directions, with headers of IP and TCP: modelled'),
      clientNoticesMs: ms.nullable().describe('promised; null: never'),
      serverNoticesMs: ms.nullable(),
    })
    .nullable()
    .describe('computed, not measured: the same heartbeat at another interval'),
  notice: z
    .object({ clients: count, client: noticed, server: noticed })
    .nullable()
    .describe('after everything between the two was lost without a sign, for each client'),
  survival: z
    .array(
      z.object({
        timeoutMs: ms,
        clients: count,
        survived: count,
        theory: z.enum(['all', 'none']).describe('all: heartbeats come more often than that'),
      }),
    )
    .describe('through something that resets connections idle for so long'),
  notMeasured,
});

export const idleReportSchema = z.object({
  schemaVersion: z.literal(IDLE_SCHEMA_VERSION),
  kind: z.literal('idle'),
  tool: originShape.tool,
  startedAt: originShape.startedAt,
  durationMs: originShape.durationMs,
  command: originShape.command,
  environment: originShape.environment,
  interrupted: originShape.interrupted,
  intervalMs: ms.describe('between heartbeats, while it was measured'),
  scaledToMs: ms.describe('the interval that figures are computed for as well'),
  watchMs: ms.describe('how long both sides of a lost connection were watched'),
  auth: authWaySchema.nullable().default(null).describe('asked for, where a transport can; null: no authentication'),
  planned: count.describe('rows'),
  transports: z.array(idleRowSchema),
});

export type IdleRow = z.infer<typeof idleRowSchema>;
export type IdleReport = z.infer<typeof idleReportSchema>;
