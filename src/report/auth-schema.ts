import { z } from 'zod';
import { AUTH_WAYS } from '../transports/credentials.js';

export const authWaySchema = z.enum(AUTH_WAYS);

/** Of a run, and of a row; only where the scenario asks for authentication. */
export const authSchema = z.object({
  way: authWaySchema.describe('how the clients of this row show their token'),
  inBrowser: z
    .array(authWaySchema)
    .nullable()
    .default(null)
    .describe('ways that a page has for this transport with what browsers have built in; null: no browser reaches it'),
  openingBytes: z
    .object({ up: z.int(), down: z.int() })
    .nullable()
    .describe('what that adds to the TCP payload of one opening, in the clear; exact, from one client alone'),
  openingUs: z
    .object({
      pairs: z.int().describe('one client connected so many times with the token and without, in turns'),
      shown: z.number().describe('median time of an opening with it'),
      without: z.number(),
      more: z.number().describe('what it adds: Hodges–Lehmann estimate of the differences within pairs'),
      low: z.number().describe('ends of the 95 % interval of `more`; over several rounds the outermost'),
      high: z.number(),
    })
    .nullable()
    .default(null)
    .describe('what that adds to the time of one opening, in the clear, on loopback, with nothing else going on'),
});

export type AuthCost = z.infer<typeof authSchema>;
