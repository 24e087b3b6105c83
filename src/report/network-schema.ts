import { z } from 'zod';
import { NETWORK_PROFILES, type NetworkProfileName } from '../scenario/network.js';

const count = z.number().int().nonnegative();
const figure = z.number().nullable();
const profiles = Object.keys(NETWORK_PROFILES) as NetworkProfileName[];

/** What lies between clients and server. */
export const networkConditionsSchema = z
  .object({
    profile: z.enum(profiles).nullable(),
    rttMs: z.number().describe('there and back'),
    jitterMs: z.number().describe('added to each direction, uniform from 0 up to this'),
    bytesPerSecond: z.object({ up: figure, down: figure }).describe('of one connection; null: not limited'),
  })
  .nullable()
  .default(null)
  .describe('what lay between clients and server; null: loopback as it is');

const rttMs = z.object({ count, min: figure, p50: figure, p99: figure, max: figure });

/** The clients' way in one round. */
export const roundNetworkSchema = z
  .object({
    measuredRttMs: rttMs
      .extend({ histogram: z.string().describe('HdrHistogram V2, compressed, base64, in µs') })
      .describe('one byte to an echo and back by the same relay, one after the other, during the window'),
    relayLateUs: z
      .object({ p50: z.number(), p99: z.number(), max: z.number() })
      .nullable()
      .describe('how much later than due the relay handed on what it held; null: it held nothing'),
  })
  .nullable()
  .default(null)
  .describe('null: nothing was put between clients and server');

/** The clients' way in the whole report: what was asked for, what was measured, and what is not in it. */
export const networkSchema = z
  .object({
    by: z.literal('relay').describe('a relay of TCP connections in user space, in a process of its own'),
    nominalRttMs: z.number(),
    measuredRttMs: rttMs.describe('over all rounds of all rows'),
    cannot: z.array(z.string()).describe('what this way of doing it does not imitate'),
  })
  .nullable()
  .default(null)
  .describe('null: clients were on loopback');

export type RoundNetwork = z.infer<typeof roundNetworkSchema>;
export type ReportNetwork = z.infer<typeof networkSchema>;
