import { z } from 'zod';

const count = z.number().int().nonnegative();
const figure = z.number().nullable();

const tripSchema = z.object({
  samplesMs: z.array(z.number()).describe('one for each client; none: not measured'),
  ms: figure.describe('median'),
  roundTrips: figure.describe('the median as a multiple of rttMs; null where a wait for the next poll is in it'),
  expected: figure.describe('the multiple by the definition of the protocol, a wait for the next poll aside'),
});

/** How many round trips between client and server things take: clients that connected anew when everything else was over. */
export const roundTripsSchema = z
  .object({
    rttMs: figure.describe('a round trip of one byte, measured meanwhile by the same relay, median'),
    clients: count.describe('that connected, one after the other by a part of a round trip; of all rounds in a row'),
    pollWaitMs: z.number().describe('the messages but not the uplinks wait for the next poll, 0 to so long'),
    connect: tripSchema.describe('start of connecting → a message published from now on will arrive'),
    firstMessage: tripSchema.describe('start of connecting → the first message arrived, where there was always one'),
    message: tripSchema.describe('publish → arrival, with nothing else under way'),
    secondMessage: tripSchema.describe('publish → arrival of a message published right behind another one'),
    firstUplink: tripSchema.describe('a client sends its first message → the server has it'),
    uplink: tripSchema.describe('a client sends another message → the server has it'),
    uplinkBack: tripSchema.describe('a client sends another message → it is back at the client'),
  })
  .nullable()
  .default(null)
  .describe('what takes how many round trips over the distance; null: there was none');

export type Trip = z.infer<typeof tripSchema>;
export type RoundTrips = z.infer<typeof roundTripsSchema>;
export type CountedRoundTrips = NonNullable<RoundTrips>;
