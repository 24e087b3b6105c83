import { z } from 'zod';
import type { distributionSchema } from './schema.js';

const count = z.number().int().nonnegative();
const figure = z.number().nullable();

/** What is known of a server whose messages are not rtbench's: arrivals in the window, and what its own stamps tell. */
export function observedSchemaWith(distribution: typeof distributionSchema) {
  return z
    .object({
      messages: count.describe('that arrived in the window, at every client'),
      clients: count,
      silentClients: count.describe('of them, that got nothing in the window; of a row, in the round with the most'),
      mostOfOneClient: z
        .object({ probes: count, crowd: count })
        .describe('messages of the client that got most: percentiles take 299 of them; of a row, over its rounds'),
      perClientPerSecond: z.number().describe('messages a second and client, over the window'),
      bodyBytesPerMessage: figure,
      firstMessageUs: distribution.describe('a client begins to connect → its first message, of the whole run'),
      firstsBeyondRange: count.describe('first messages after more than 60 s, which are in no percentile'),
      gapUs: distribution.describe('between two messages of one client'),
      longestGapUs: figure.describe(
        'time of the window in which a client got nothing in one go, its begin and its end included',
      ),
      gapsBeyondRange: count.describe('gaps of more than 60 s, which are in no percentile'),
      stamp: z
        .object({
          read: count.describe('messages of the window in which it was found'),
          unread: count.describe('messages of the window without it'),
          negative: count.nullable().describe('times later than the arrival: counted as an age of 0'),
          beyondRange: count.nullable().describe('ages of more than 60 s, which are in no percentile'),
          resolutionUs: figure.describe(
            'the steps that its times go in, 1 µs to 1 s: latency is up to so much too long',
          ),
          clockErrorUs: figure.describe(
            "how far its clock may be from this machine's, beside the offset that was said",
          ),
        })
        .nullable(),
    })
    .optional()
    .describe(
      'arrivals of messages that are not what rtbench published; `latencyUs` is then from the time in the message, and what was lost is known by its sequence number alone. Absent: rtbench knows its messages',
    );
}
