import { z } from 'zod';
import { unreachableSchema } from './browser-schema.js';
import { identityShape, originShape } from './schema.js';

/** `browser.json`, schema version 1. As in `result.json`, what was not measured is `null` with a reason. */
export const BROWSER_LIMITS_SCHEMA_VERSION = 1;

const count = z.number().int().nonnegative();

const measuredShape = {
  ...identityShape,
  tls: z.boolean(),
  asked: count.describe('clients that one page asked for, at one origin'),
};

const connectionLimitSchema = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('completed'),
    ...measuredShape,
    atServer: count.describe('of them, those whose request or upgrade the server held when the time was over'),
    sockets: count.describe('TCP connections at the server then'),
    furtherRequestMs: z
      .number()
      .nullable()
      .describe('how long one more request of the same page took then; null: no answer within the time'),
    notMeasured: z.record(z.string(), z.string()).describe('path of a null → why it is null'),
  }),
  z.object({ state: z.literal('failed'), ...measuredShape, reason: z.string() }),
]);

export const browserLimitsSchema = z.object({
  schemaVersion: z.literal(BROWSER_LIMITS_SCHEMA_VERSION),
  kind: z.literal('browser'),
  tool: originShape.tool,
  startedAt: originShape.startedAt,
  durationMs: originShape.durationMs,
  command: originShape.command,
  environment: originShape.environment,
  interrupted: originShape.interrupted,
  browser: z.object({ name: z.string(), version: z.string() }),
  waitMs: z.number().describe('how long the page waited, for its clients and then for the further request'),
  planned: count.describe('rows'),
  limits: z.array(connectionLimitSchema),
  unreachable: unreachableSchema,
});

export type ConnectionLimit = z.infer<typeof connectionLimitSchema>;
export type CompletedLimit = Extract<ConnectionLimit, { state: 'completed' }>;
export type BrowserLimits = z.infer<typeof browserLimitsSchema>;
