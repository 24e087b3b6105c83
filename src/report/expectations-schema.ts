import { z } from 'zod';
import { OPERATORS } from '../scenario/threshold.js';

const settings = z.record(z.string(), z.union([z.number(), z.boolean(), z.string()]));

const limitShape = {
  path: z.string().describe('of the figure, in a row of `transports`'),
  operator: z.enum(OPERATORS),
  limit: z.number().describe('in the unit of the figure: µs, ms, B, a share of 1, a plain number'),
};

/** What figures must be, as the scenario asks for it. */
export const expectSchema = z
  .array(
    z.object({
      ...limitShape,
      row: z
        .object({ spec: z.string(), transport: z.string(), settings })
        .nullable()
        .describe('rows of this transport with these settings; null: every row but the controls'),
    }),
  )
  .readonly()
  .default([])
  .describe('what figures must be for the run to pass');

/** What came of a threshold for one row. */
export const expectationSchema = z.object({
  transport: z.string(),
  label: z.string(),
  settings,
  ...limitShape,
  actual: z.number().nullable().describe('the figure; null: not measured'),
  interval: z
    .object({ low: z.number(), high: z.number() })
    .nullable()
    .describe('95 % interval of the figure, where it has one'),
  verdict: z.enum(['met', 'missed', 'not measured']).describe('not measured is a failure, never a pass'),
  reason: z.string().nullable().describe('why it was not measured, or what to know of it'),
});

export type Expectation = z.infer<typeof expectationSchema>;
