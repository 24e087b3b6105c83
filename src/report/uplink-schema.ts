import { z } from 'zod';
import type { distributionSchema } from './schema.js';

const count = z.number().int().nonnegative();

/** What clients send besides, as the scenario asks for it. */
export const uplinkAskedSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('stream'),
      ratePerSecond: z.number().describe('over all clients'),
      sizeBytes: count,
    }),
    z.object({ kind: z.literal('acknowledgements'), sizeBytes: count }).describe('one for every message received'),
  ])
  .nullable()
  .default(null)
  .describe('what clients send while the server publishes, which ends at the server; null: nothing');

/** What became of that. */
export function uplinkSchemaWith(distribution: typeof distributionSchema) {
  return z
    .object({
      sent: count.describe('by clients, due in the window'),
      unsent: count.describe(
        'due in the window and never sent; of acknowledgements 0: they are due when they are sent',
      ),
      taken: count.describe('of these, by the server, until the end of the drain'),
      lost: count,
      duplicated: count,
      reordered: count.describe('behind a later one of the same client'),
      foreign: count.describe('that no client was to send'),
      ratePerSecond: z.number().nullable().describe('that the server took in the window, whenever they were due'),
      latencyUs: distribution.describe(
        'due → the server has it; an acknowledgement is due when its client has the message',
      ),
      serviceLatencyUs: distribution.describe('sent → the server has it'),
      scheduleLagUs: z
        .object({ p50: z.number().nullable(), p99: z.number().nullable(), max: z.number().nullable() })
        .describe('due → sent, in the clients'),
    })
    .nullable()
    .default(null)
    .describe('what clients sent while the server published, which ended there');
}
