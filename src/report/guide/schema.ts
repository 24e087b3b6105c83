import { z } from 'zod';
import { lineSchema, outcomeSchema } from '../proxies/outcome-schema.js';
import { loadsSchema, NO_LOADS } from './loads-schema.js';

/** What the guide's table takes beyond the runs of a report: facts of each row, and the extra measurements. */

const count = z.number().int().nonnegative();
const figure = z.number().nullable();
const traffic = z.object({ up: count, down: count });
const rowLabel = z.string().describe('label of the row in `transports`');
const failed = z.array(z.object({ label: rowLabel, reason: z.string() })).describe('rows that have no figure, and why');

const factsSchema = z.object({
  label: rowLabel,
  protocol: z.string(),
  connection: z.string(),
  uplink: z.enum(['same-connection', 'separate-request', 'none']),
  framing: z.enum(['text', 'binary']),
  reconnect: z.enum(['built-in', 'by-client']),
  browser: z.enum(['built-in', 'library', 'unavailable']),
  browserObstacle: z.string().nullable().describe('why no browser can; null where one can'),
});

const binarySchema = z.object({
  sizeBytes: count.describe('of the random body, which came back as it was sent'),
  rows: z.array(
    z.object({
      label: rowLabel,
      publish: traffic.nullable().describe('client to server, with its answer; null: it has no uplink'),
      message: traffic.describe('server to client, with its request'),
    }),
  ),
  failed,
});

const cutSchema = z.object({
  atMs: z.number().describe('after the start of the window: every connection is reset at the server'),
  reconnect: z.string().describe('policy by which clients come back'),
  rows: z.array(
    z.object({
      label: rowLabel,
      verdict: z.enum(['valid', 'suspect', 'saturated', 'invalid']).describe('of the run with the cut'),
      clientsDropped: count,
      clientsAway: count.describe('still away when the run ended'),
      noticeUs: z.object({ p50: figure }),
      backUs: z.object({ p50: figure, all: figure }).describe('from the cut; null where a client was still away'),
      resumed: z.boolean().describe('clients went on after the last message they saw'),
      missed: count.describe('deliveries that never came, to clients that came back or did not'),
      recovered: count.describe('deliveries due while their client was away that came after all'),
    }),
  ),
  failed,
});

const nginxSchema = z.object({
  version: z.string().nullable().describe('null: not installed'),
  rows: z.array(
    z.object({
      label: rowLabel,
      direct: outcomeSchema.describe('with nothing between, for comparison'),
      outcome: outcomeSchema.describe('through the plain configuration: proxy_pass and nothing else'),
      reason: z.string().nullable().describe('what was seen, where not everything was delivered in time'),
      mend: z.array(lineSchema).nullable().describe('lines with which all was delivered; null: none found or needed'),
    }),
  ),
  failed,
});

const growthSchema = z.object({
  clients: z.array(count).describe('fewer than the scenario has, at the same rate of messages'),
  rows: z.array(
    z.object({
      label: rowLabel,
      points: z.array(
        z.object({
          clients: count,
          round: count,
          cpuShare: z.number().describe('server CPU in the window, of a core'),
        }),
      ),
    }),
  ),
  failed,
});

export const guideSchema = z
  .object({
    facts: z.array(factsSchema),
    extra: z
      .object({
        binary: binarySchema.nullable(),
        cut: cutSchema.nullable(),
        nginx: nginxSchema.nullable(),
        growth: growthSchema.nullable(),
      })
      .nullable()
      .describe("measured for the guide's table (--table guide); null, as a whole or in part: not measured"),
    loads: loadsSchema.default(NO_LOADS),
  })
  .describe("for the guide's table and its claims");

export type GuideData = z.infer<typeof guideSchema>;
export type GuideFacts = z.infer<typeof factsSchema>;
export type GuideExtra = NonNullable<GuideData['extra']>;
