import { z } from 'zod';
import { identityShape, toolSchema } from '../schema.js';

export const COMPARISON_SCHEMA_VERSION = 1;

const side = z.object({
  file: z.string(),
  startedAt: z.string().describe('ISO 8601'),
  tool: toolSchema,
  node: z.string(),
  rounds: z.number().int().nonnegative(),
});

/**
 * `worse` and `better`: told apart; `no difference`: not told apart; `too few rounds`: a timed figure with fewer than 6
 * rounds on either side, of which nothing is said; `not measured`: on one side or both.
 */
export const comparedVerdictSchema = z.enum(['worse', 'better', 'no difference', 'too few rounds', 'not measured']);

const comparedSchema = z.object({
  ...identityShape,
  path: z.string().describe('of the figure in a row of result.json'),
  title: z.string(),
  unit: z.enum(['µs', 'B', '']),
  base: z.number().nullable(),
  head: z.number().nullable(),
  ratio: z.number().nullable().describe('head / base; null where base is 0 or one of them was not measured'),
  interval: z
    .object({ low: z.number(), high: z.number() })
    .nullable()
    .describe('of the ratio: 95 % bootstrap, whole rounds of both sides drawn anew; null below 6 rounds'),
  verdict: comparedVerdictSchema,
  reason: z.string().nullable().describe('why there is no figure or no verdict; null where there are both'),
});

/** What `rtbench compare --json` writes. */
export const comparisonReportSchema = z.object({
  schemaVersion: z.literal(COMPARISON_SCHEMA_VERSION),
  kind: z.literal('comparison'),
  base: side,
  head: side,
  title: z.string(),
  unlike: z.array(z.string()).describe('workload, settings or machine that are not the same: compared by --force only'),
  differs: z.array(z.string()).describe('versions and seeds that are not the same'),
  unmatched: z.array(z.object({ side: z.enum(['base', 'head']), label: z.string() })),
  rows: z.array(z.string()).describe('labels of what is in both, in the order of head'),
  figures: z.array(comparedSchema).describe('worst first'),
});

export type ComparedVerdict = z.infer<typeof comparedVerdictSchema>;
export type Compared = z.infer<typeof comparedSchema>;
export type ComparisonReport = z.infer<typeof comparisonReportSchema>;
