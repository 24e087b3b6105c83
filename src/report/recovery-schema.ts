import { z } from 'zod';

const count = z.number().int().nonnegative();
const figure = z.number().nullable();

export const faultPlanSchema = z
  .object({
    injected: z
      .array(
        z.object({
          kind: z.enum(['cut', 'stall', 'restart', 'kill']),
          atMs: z.number().describe('after the start of the window'),
          share: figure.describe('of the connections; null where it is not about single ones'),
          forMs: figure.describe('how long it lasts; null where it ends by itself'),
        }),
      )
      .readonly(),
    reconnect: z.string().describe('policy by which clients come back'),
    resume: z.boolean().describe('clients go on after the last message they saw, where messages carry ids'),
  })
  .nullable()
  .default(null)
  .describe('what is done to every run; null: nothing, and clients do not come back');

/** What a fault did, in one round or as the median of several. */
const faultSchema = z.object({
  fault: z.string().describe('as in --fault'),
  atMs: z.number().describe('when it began, after the start of the window'),
  lastedMs: z.number().describe('until the server went on, or another one was ready in its place'),
  connections: figure.describe('that it was done to; null where it was not done to single ones'),
  clientsDropped: count,
  clientsAway: count.describe('of these, still away when the run ended'),
  noticeUs: z
    .object({ p50: figure, p99: figure, max: figure })
    .describe("from the fault to the client's notice of it, of the clients that it dropped"),
  backUs: z
    .object({ p50: figure, p99: figure, all: figure })
    .describe('from the fault until 50, 99 and 100 % of the clients that it dropped were connected again'),
  attempts: z.object({ mean: figure, max: figure }).describe('to connect again, of the clients that it dropped'),
});

/** How clients came back from drops, by `reconnectUs` and by fault. */
export function recoverySchemaOf<Distribution extends z.ZodType>(distribution: Distribution) {
  return z
    .object({
      resumed: z.boolean().describe('clients went on after the last message they saw'),
      faults: z.array(faultSchema),
      reconnectUs: distribution.describe("a client's notice of the drop → connected again, waits included"),
      missed: count.describe('deliveries due while their client was away that never came, though it came back'),
      recovered: count.describe('deliveries due while their client was away that came after all'),
      outstanding: count.describe('deliveries due to clients that were still away when the run ended'),
    })
    .nullable()
    .default(null)
    .describe('what the faults did and how clients came back; null: they do not come back');
}

export type FaultEffect = z.infer<typeof faultSchema>;
