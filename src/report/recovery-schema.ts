import { z } from 'zod';
import { FAULT_KINDS } from '../scenario/faults.js';

const count = z.number().int().nonnegative();
const figure = z.number().nullable();

export const faultPlanSchema = z
  .object({
    injected: z
      .array(
        z.object({
          kind: z.enum(FAULT_KINDS),
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
  clientsUnaware: count
    .default(0)
    .describe('of silently dead connections: not noticed by its client before the next fault or the end of the run'),
  promisedNoticeMs: figure
    .default(null)
    .describe(
      'of silently dead connections: within how long the client promises to notice; null: never, or another fault',
    ),
  clientsAway: count.describe('of these, still away when the run ended'),
  noticeUs: z
    .object({ p50: figure, p99: figure, max: figure })
    .describe(
      "from the fault to the client's notice of it, of the clients that it dropped or, where it was silent, struck",
    ),
  backUs: z
    .object({ p50: figure, p99: figure, all: figure })
    .describe('from the fault until 50, 99 and 100 % of these clients were connected again'),
  attempts: z.object({ mean: figure, max: figure }).describe('to connect again, of the clients that it dropped'),
  peakAccepts: z
    .object({
      perSecond: figure.describe('most accepts of the server within any such window, until the next fault'),
      windowMs: z.number().describe('width of that window'),
    })
    .nullable()
    .default(null)
    .describe('null: not kept'),
  serverCpu: z
    .object({
      share: figure.describe('of one core'),
      overMs: figure.describe('of what time'),
    })
    .nullable()
    .default(null)
    .describe('from the fault until the last client that it dropped was back, or the drain was over; read each 50 ms'),
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
      outstanding: count.describe(
        'deliveries due to clients that were still away when the run ended, or took a silently dead connection for alive',
      ),
      unaware: count.default(0).describe('clients that took a silently dead connection for alive when the run ended'),
    })
    .nullable()
    .default(null)
    .describe('what the faults did and how clients came back; null: they do not come back');
}

export type FaultEffect = z.infer<typeof faultSchema>;
