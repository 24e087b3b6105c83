import { z } from 'zod';
import { unreachableSchema } from './browser-schema.js';

/** What `rtbench browser --json` writes, schema version 1. */
export const BROWSER_LIMITS_SCHEMA_VERSION = 1;

const count = z.number().int().nonnegative();

const connectionLimitSchema = z.object({
  transport: z.string(),
  label: z.string(),
  settings: z.record(z.string(), z.union([z.number(), z.boolean(), z.string()])),
  tls: z.boolean(),
  asked: count.describe('clients that one page asked for, at one origin'),
  atServer: count.describe('of them, those whose request or upgrade the server held when the time was over'),
  sockets: count.describe('TCP connections at the server then'),
  furtherRequestMs: z
    .number()
    .nullable()
    .describe('how long one more request of the same page took then; null: no answer within the time'),
});

export const browserLimitsSchema = z.object({
  schemaVersion: z.literal(BROWSER_LIMITS_SCHEMA_VERSION),
  kind: z.literal('browser'),
  tool: z.object({ name: z.string(), version: z.string() }),
  startedAt: z.string().describe('ISO 8601'),
  command: z.string(),
  browser: z.object({ name: z.string(), version: z.string() }),
  waitMs: z.number().describe('how long the page waited, for its clients and then for the further request'),
  interrupted: z.boolean(),
  limits: z.array(connectionLimitSchema),
  unreachable: unreachableSchema,
});

export type ConnectionLimit = z.infer<typeof connectionLimitSchema>;
export type BrowserLimits = z.infer<typeof browserLimitsSchema>;
