import { z } from 'zod';
import { authSchema, authWaySchema } from './auth-schema.js';
import { identityShape, madeShape, verdictSchema } from './schema.js';

/** `herd.json`, schema version 1. As in `result.json`, what was not measured is `null` with a reason. */
export const HERD_SCHEMA_VERSION = 1;

const count = z.number().int().nonnegative();
const figure = z.number().nullable();
const compared = z.object({ measured: figure, theory: figure });
const shares = z.object({ p50: figure, p99: figure, all: figure.describe('until the last client') });
const series = z.array(z.number()).nullable();

const herdFiguresShape = {
  awayMs: z.number().describe('from the first loss until the server listened again; theory takes this one'),
  connectAllMs: z.number().describe('until all clients were connected at first, as fast as this machine does it'),
  noticedWithinMs: figure.describe('from the first to the last client that noticed the loss'),
  peakPerSecond: compared.describe('most accepts in any window, over its width'),
  lowerBy: compared.describe('peak without jitter (`against`) over this peak'),
  attemptsPerClient: compared,
  refused: count.describe('attempts that ended without a connection'),
  backMs: z
    .object({ measured: shares, theory: shares })
    .describe('until so many of the clients were connected again, from when the server listened again'),
  connectUs: z.object({ p50: figure, p99: figure }).describe('of the attempts that succeeded'),
  lostAgain: count.describe('connections lost once more after the return'),
  server: z.object({
    accepted: count.describe('connections in all'),
    cpuMs: z.number().describe('from when it listened again until the last client was back'),
    cpuUsPerAccept: figure.describe('that time over the connections, handshakes and what else it did then included'),
    cpuShare: z.number().describe('of one core, over that time'),
  }),
  series: z
    .object({
      accepts: z.object({ measured: z.array(z.number()), theory: z.array(z.number()) }),
      attempts: z.object({ measured: z.array(z.number()), theory: series }),
    })
    .describe('counts in each bin after the first loss'),
};

export const herdPolicySchema = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('completed'),
    policy: z.string(),
    verdict: verdictSchema,
    reasons: z.array(z.string()),
    ...herdFiguresShape,
    notMeasured: z.record(z.string(), z.string()).describe('path of a null → why it is null'),
  }),
  z.object({ state: z.enum(['aborted', 'failed']), policy: z.string(), reason: z.string() }),
]);

export const herdReportSchema = z.object({
  schemaVersion: z.literal(HERD_SCHEMA_VERSION),
  kind: z.literal('herd'),
  ...madeShape,
  herd: z.object({
    ...identityShape,
    clients: count,
    awayMs: z.number().describe('as asked for'),
    leave: z.enum(['kill', 'close']).describe('kill: the server process was killed; close: it closed every connection'),
    windowMs: z.number().describe('of the peak'),
    binMs: z.number().describe('of the series'),
    scale: z.number().describe('every time of the policies was multiplied by it; 1: as they stand'),
    workers: count.describe('processes with clients'),
    seed: count,
    auth: authSchema
      .extend({ asked: authWaySchema.describe('the way asked for, which the transport may lack') })
      .nullable()
      .default(null)
      .describe('how each client authenticated; null: not at all'),
    against: z.string().nullable().describe('the policy without jitter that `lowerBy` is taken against'),
  }),
  policies: z.array(herdPolicySchema),
});

export type HerdPolicy = z.infer<typeof herdPolicySchema>;
export type CompletedHerd = Extract<HerdPolicy, { state: 'completed' }>;
export type HerdReport = z.infer<typeof herdReportSchema>;
