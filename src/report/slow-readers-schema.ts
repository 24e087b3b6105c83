import { z } from 'zod';
import { WAIT } from '../scenario/when-full.js';
import type { distributionSchema } from './schema.js';

const count = z.number().int().nonnegative();
const figure = z.number().nullable();
const bufferBytes = count.describe("most bytes that wait for one client in the server's process");

/** What the server does with a client that does not keep up. */
export const whenFullSchema = z
  .discriminatedUnion('policy', [
    z.object({ policy: z.literal('wait'), bufferBytes }),
    z.object({ policy: z.literal('drop-oldest'), bufferBytes, keepMessages: count }),
    z.object({ policy: z.literal('disconnect'), bufferBytes, afterMs: z.number(), behindMessages: count }),
  ])
  .default(WAIT)
  .describe('what the server does with a client that does not keep up');

export const slowReadersAskedSchema = z
  .object({
    share: z.number().describe('of all clients'),
    bytesPerSecond: z.number().describe('that each of them reads while the window lasts; 0: none'),
  })
  .nullable()
  .default(null)
  .describe('clients that are made not to keep up; null: none');

const growth = z.object({
  start: figure.describe('when the window began'),
  end: figure.describe('when it ended'),
  peak: figure,
  perSecond: figure.describe('slope of a line fitted over the window'),
});

const losses = {
  dropped: count.describe('messages that drop-oldest passed over, once for each client'),
  disconnected: count.describe('clients whose connection the server closed for being slow'),
  gaps: count.describe('clients that fell out of the history'),
};

/** What slow readers did to the server, and what became of them. */
export function slowReadersSchemaWith(distribution: typeof distributionSchema) {
  return z
    .object({
      clients: count,
      latencyUs: distribution.describe('of what reached them, in the window or after it; from when it was due'),
      delivery: z
        .object({ expected: count, delivered: count, missed: count, duplicated: count, reordered: count })
        .describe('what was due in the window, until the end of the drain; they are not in the delivery of the row'),
      ...losses,
      connectionsLost: count.describe('as their clients saw it'),
      closeCodes: z.record(z.string(), count).describe('code that a connection was lost with → how often'),
      heard: z.array(z.string()).describe('what their clients were told when they lost a connection, the first few'),
      others: z.object(losses).describe('the same of the clients that keep up: all 0, or the run is invalid'),
      memory: z
        .object({ rssBytes: growth, heapUsedBytes: growth, externalBytes: growth })
        .describe("the server's, over the window"),
      waitingBytes: z
        .object({ end: figure, peak: figure })
        .describe("of slow readers together, in the server's process"),
      behindMessages: z
        .object({ end: figure, peak: figure })
        .describe('held back by the hub, a message once for each slow reader'),
      full: z.object({ end: figure, peak: figure }).describe('slow readers that the server hands nothing more'),
      onTheWayBytes: figure.describe(
        'of slow readers together: out of the server and not read when the window ended, in the buffers of the kernel',
      ),
    })
    .nullable()
    .default(null)
    .describe('clients that are made not to keep up; null: there are none');
}
