import { z } from 'zod';
import { spellStamp } from '../scenario/stamp.js';
import { isObserved, type Target, type TargetEndpoint } from '../scenario/target.js';

const endpointSchema = z.object({
  url: z.string().optional(),
  path: z.string().optional(),
  subprotocol: z.string().optional(),
  event: z.string().optional(),
  first: z.boolean().describe('whether clients say something first; what, is not kept: it may hold a credential'),
});

/** A server that is not rtbench's own, without anything by which somebody gets in. */
export const targetFactsSchema = z
  .object({
    url: z.string(),
    headers: z.array(z.string()).describe('names of those sent with every request; their values are not kept'),
    endpoints: z.record(z.string(), endpointSchema),
    publish: z
      .string()
      .describe('the request by which messages were published, where clients did not; nothing: none was'),
    stamp: z
      .string()
      .optional()
      .describe('where its messages carry what tells when, or which, they are, as --stamp says it; absent: envelope'),
    clockOffset: z
      .object({ offsetUs: z.number(), errorUs: z.number() })
      .optional()
      .describe("how far its clock was said to be ahead of this machine's; absent: nothing was said"),
    server: z.enum(['command', 'pid']).nullable().describe('how its processes were known; null: they were not'),
  })
  .describe("a server that is not rtbench's own; absent: the one that ships");

export type TargetFacts = z.infer<typeof targetFactsSchema>;

export function targetFacts({ url, headers, endpoints, publish, stamp, clockOffset, server }: Target): TargetFacts {
  return {
    url,
    headers: Object.keys(headers),
    endpoints: Object.fromEntries(Object.entries(endpoints).map(([name, endpoint]) => [name, factsOf(endpoint)])),
    publish: publish === null ? 'nothing' : `${publish.method} ${publish.url ?? ''}${publish.path}`,
    ...(isObserved({ stamp }) && { stamp: spellStamp(stamp) }),
    ...(clockOffset && { clockOffset: { ...clockOffset } }),
    server: server?.kind ?? null,
  };
}

function factsOf({ url, path, subprotocol, event, first }: TargetEndpoint) {
  return {
    ...(url !== undefined && { url }),
    ...(path !== undefined && { path }),
    ...(subprotocol !== undefined && { subprotocol }),
    ...(event !== undefined && { event }),
    first: first !== undefined,
  };
}
