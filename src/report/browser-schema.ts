import { z } from 'zod';

/** The browser that probes lived in, and how its pages' clocks are mapped to the machine's. */
export const browserSchema = z
  .object({
    name: z.string(),
    version: z.string(),
    clock: z.object({
      source: z.literal('performance.now'),
      isolated: z.boolean().describe('cross-origin isolated: the clock has finer steps'),
      resolutionUs: z.number().describe('steps of the coarsest page clock'),
      errorUs: z.number().describe('most that the time of an arrival, and so a latency, may be off'),
      driftUs: z.number().describe('that the clocks have certainly moved apart between the start and the end'),
      offsetsUs: z.array(z.number()).describe('of each page: the clock of the run minus that of the page'),
    }),
  })
  .nullable()
  .default(null)
  .describe('null: the probes were no pages of a browser');

/** What was asked for and cannot be measured so. */
export const unreachableSchema = z
  .array(z.object({ transport: z.string(), label: z.string(), reason: z.string() }))
  .default([])
  .describe(
    'transports left out, and why: with `via: browser` those that no page can use, with `reconnect: native` those that do not reconnect by themselves',
  );
