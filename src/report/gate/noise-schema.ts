import { z } from 'zod';
import { identityShape, originShape } from '../schema.js';
import { GATE_FIGURE_NAMES } from './figures.js';

/** `noise.json`, schema version 1. */
export const NOISE_SCHEMA_VERSION = 1;

const count = z.number().int().nonnegative();
const figure = z.number().nullable();

const noiseFigureSchema = z.object({
  name: z.enum(GATE_FIGURE_NAMES),
  title: z.string(),
  unit: z.enum(['µs', 'B']),
  path: z.string().describe('of the figure in a run of result.json'),
  threshold: z.number().describe('that the visible changes are for, as a share'),
  value: figure.describe('median over all runs'),
  spread: figure.describe('standard deviation of ln(one/other) within pairs; null: fewer than 2 pairs have the figure'),
  ratio: figure.describe('one / other, Hodges–Lehmann; 1 but for chance'),
  interval: z
    .object({ low: z.number(), high: z.number() })
    .nullable()
    .describe('of the ratio, 95 %; null below 6 pairs'),
  differs: z
    .boolean()
    .describe('the interval leaves out 1, though both are the same: chance, or a side that is favoured'),
  visible: z
    .array(
      z.object({
        minutes: z.number(),
        pairs: count.describe('that go into the time'),
        change: figure.describe('as a share: seen by a gate with a probability of 80 %; null: too few pairs'),
      }),
    )
    .describe('the smallest change that a gate of so many minutes can see'),
});

/** The document of `rtbench noise`: a program against itself. */
export const noiseReportSchema = z.object({
  schemaVersion: z.literal(NOISE_SCHEMA_VERSION),
  kind: z.literal('noise'),
  ...originShape,
  ...identityShape,
  alpha: z.number().describe('of the gates that the visible changes are for'),
  pairMs: z.number().describe('how long a pair takes'),
  used: count,
  discarded: count.describe('pairs whose instrument failed'),
  figures: z.array(noiseFigureSchema),
  pairs: z.array(z.object({ round: count, base: z.record(z.string(), figure), head: z.record(z.string(), figure) })),
});

export type NoiseFigure = z.infer<typeof noiseFigureSchema>;
export type NoiseReport = z.infer<typeof noiseReportSchema>;
