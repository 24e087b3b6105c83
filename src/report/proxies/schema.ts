import { z } from 'zod';
import { identityShape, madeShape } from '../schema.js';
import { lineSchema, outcomeSchema } from './outcome-schema.js';

/** `proxies.json`, schema version 1. As in `result.json`, what was not measured is `null` with a reason. */
export const PROXIES_SCHEMA_VERSION = 1;

const count = z.number().int().nonnegative();
const figure = z.number().nullable();
const notMeasured = z.record(z.string(), z.string()).describe('path of a null → why it is null');

/** One transport through one middlebox. */
export const passageSchema = z.object({
  middlebox: z.string().describe('direct: nothing stood between'),
  configuration: z.string().describe('default; documented: with everything its documentation says; or a mode'),
  mends: z.array(z.string()).describe('groups of lines added to the default'),
  ...identityShape,
  outcome: outcomeSchema,
  reason: z.string().nullable().describe('what was seen, where not everything was delivered in time'),
  connectMs: figure,
  firstMessageMs: figure.describe('from the start of connecting to a message that was published at that moment'),
  delayMs: z.object({ median: z.number(), max: z.number() }).nullable().describe('published → arrived, first left out'),
  published: count,
  delivered: count,
  bursts: count.describe('messages that came with the one before them are one burst'),
  heldBackBytes: figure.describe('published before anything came that had not come in time'),
  survivedSilence: z.boolean().nullable(),
  notMeasured,
});

/** What makes a transport pass that does not pass a plain configuration. */
export const mendSchema = z.object({
  middlebox: z.string(),
  transport: z.string(),
  label: z.string(),
  from: outcomeSchema,
  names: z.array(z.string()),
  lines: z.array(lineSchema),
  to: outcomeSchema.describe('seen with these lines added to the default'),
});

export const middleboxSchema = z.object({
  name: z.string(),
  title: z.string(),
  version: z.string().nullable().describe('null: not installed, or bundled'),
  state: z.enum(['bundled', 'installed', 'notInstalled']),
  debianPackage: z.string().nullable(),
  configurations: z.array(z.object({ name: z.string(), summary: z.string(), advice: z.string().nullable() })),
});

export const proxiesReportSchema = z.object({
  schemaVersion: z.literal(PROXIES_SCHEMA_VERSION),
  kind: z.literal('proxies'),
  ...madeShape,
  timing: z.object({ messages: count, intervalMs: z.number(), promptMs: z.number(), silenceMs: z.number() }),
  idleCutMs: z.number().describe('of the bundled proxy in mode idle-cut'),
  middleboxes: z.array(middleboxSchema),
  passages: z.array(passageSchema),
  mends: z.array(mendSchema),
});

export type Passage = z.infer<typeof passageSchema>;
export type FoundMend = z.infer<typeof mendSchema>;
export type MiddleboxFacts = z.infer<typeof middleboxSchema>;
export type ProxiesReport = z.infer<typeof proxiesReportSchema>;
