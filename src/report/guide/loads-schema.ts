import { z } from 'zod';
import { FAILURES } from '../capacity/search.js';

/** What documents about other loads say of the rows of a report: `capacity.json` and `sweep.json`. */

const figure = z.number().nullable();
const rowLabel = z.string().describe('label of the row in `transports`');
const failed = z.array(z.object({ label: rowLabel, reason: z.string() })).describe('rows that have no figure, and why');

const document = {
  file: z.string().describe('as it was named'),
  startedAt: z.string().describe('ISO 8601'),
  command: z.string().describe('the command that measures it again'),
  apart: z
    .array(z.string())
    .describe('what differs from the report, and does not keep the two from being read together'),
};

const capacitySchema = z.object({
  ...document,
  find: z.enum(['clients', 'rate']),
  p99Ms: z.number().describe('the objective'),
  rows: z.array(
    z.object({
      label: rowLabel,
      state: z.enum(['found', 'limit', 'none', 'budget', 'interrupted']),
      pass: figure,
      fail: figure,
      failedBy: z.enum(FAILURES).nullable(),
      confirmed: z.boolean(),
      failReason: z.string().nullable(),
    }),
  ),
  failed,
});

const growthSchema = z.object({
  ...document,
  clients: z.array(z.number()).describe('numbers of clients that were measured'),
  rows: z.array(
    z.object({
      label: rowLabel,
      exponent: z
        .object({ value: z.number(), standardError: z.number() })
        .nullable()
        .describe('of server CPU a second ∝ clientsᵉ'),
      usPerClient: z
        .number()
        .describe('what a client more takes of the server, µs of CPU a second: slope of the curve'),
      standardErrorUs: z.number(),
      linear: z.boolean(),
    }),
  ),
  failed,
});

export const loadsSchema = z
  .object({ capacity: z.array(capacitySchema), growth: growthSchema.nullable() })
  .describe('of documents that were measured apart (--evidence)');

export type Loads = z.infer<typeof loadsSchema>;
export type CapacityEvidence = Loads['capacity'][number];
export type GrowthEvidence = NonNullable<Loads['growth']>;

export const NO_LOADS: Loads = { capacity: [], growth: null };
