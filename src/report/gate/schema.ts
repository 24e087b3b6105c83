import { z } from 'zod';
import { identityShape, originShape } from '../schema.js';
import { GATE_FIGURE_NAMES } from './figures.js';

/** `gate.json`, schema version 1. As in `result.json`, what was not measured is `null` with a reason. */
export const GATE_SCHEMA_VERSION = 1;

const count = z.number().int().nonnegative();
const figure = z.number().nullable();

/**
 * `pass`: a regression beyond the threshold is excluded; `regression`: there is one beyond it; `inconclusive`: the pairs
 * can tell neither.
 */
export const gateVerdictSchema = z.enum(['pass', 'regression', 'inconclusive']);

const gateFigureSchema = z.object({
  name: z.enum(GATE_FIGURE_NAMES),
  title: z.string(),
  unit: z.enum(['µs', 'B']),
  path: z.string().describe('of the figure in a run of result.json'),
  threshold: z.number().describe('so much more is a regression, as a share'),
  noiseFloor: figure.describe(
    'what pairs of the same program come to by chance alone, as a share; null: too few pairs',
  ),
  baseValue: figure.describe('median over pairs'),
  headValue: figure.describe('median over pairs'),
  ratio: figure.describe('head / base within pairs, Hodges–Lehmann'),
  interval: z
    .object({ low: z.number(), high: z.number() })
    .nullable()
    .describe('of the ratio, 95 %; null below 6 pairs'),
  p: figure.describe('signed-rank test against "no more than base", one-sided, after Holm; null: not tested'),
  verdict: gateVerdictSchema,
  reason: z.string().describe('why the verdict is what it is'),
  morePairs: count.nullable().describe('so many more might do; null: decided, or no number would'),
});

const sideSchema = z.object({
  title: z.string(),
  packages: z
    .record(z.string(), z.string())
    .describe('versions of what the server half was given in place of the locked ones'),
  server: z
    .object({
      url: z.string().describe('scheme, host and port; port 0: another one for each run'),
      command: z.string().nullable().describe('starts it for each run; null: it ran already'),
      ref: z.string().nullable().describe('of git, checked out for the gate; null: where the gate was called'),
      commit: z.string().nullable().describe('null: not known'),
      changed: z.boolean().describe('files differ from the commit'),
    })
    .optional()
    .describe("a server that is not rtbench's own; absent: the one that ships"),
});

const pairSchema = z.object({
  round: count,
  first: z.enum(['base', 'head']).describe('whose turn came first'),
  base: z.record(z.string(), figure).describe('figure by name'),
  head: z.record(z.string(), figure),
  discarded: z.string().nullable().describe('why the pair is not used; null: it is'),
});

/** The document of `rtbench check` with a base and a head: the timing tier. */
export const gateReportSchema = z.object({
  schemaVersion: z.literal(GATE_SCHEMA_VERSION),
  kind: z.literal('gate'),
  ...originShape,
  ...identityShape,
  base: sideSchema,
  head: sideSchema,
  alpha: z.number().describe('how often a gate may find a regression, in any figure, where there is none'),
  looks: z
    .array(z.object({ pairs: count, alpha: z.number() }))
    .describe('that were taken: after so many pairs, with so much of alpha'),
  planned: count.describe('pairs at the most'),
  used: count.describe('pairs that were measured and are used'),
  verdict: gateVerdictSchema,
  reason: z.string(),
  figures: z.array(gateFigureSchema),
  pairs: z.array(pairSchema).describe('in the order in which they were measured'),
});

export type GateVerdict = z.infer<typeof gateVerdictSchema>;
export type GateFigureResult = z.infer<typeof gateFigureSchema>;
export type GatePair = z.infer<typeof pairSchema>;
export type GateSide = z.infer<typeof sideSchema>;
export type GateReport = z.infer<typeof gateReportSchema>;
