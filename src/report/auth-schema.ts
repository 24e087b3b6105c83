import { z } from 'zod';
import { AUTH_WAYS } from '../transports/credentials.js';

export const authWaySchema = z.enum(AUTH_WAYS);

/** Of a run, and of a row; only where the scenario asks for authentication. */
export const authSchema = z.object({
  way: authWaySchema.describe('how the clients of this row show their token'),
  openingBytes: z
    .object({ up: z.int(), down: z.int() })
    .nullable()
    .describe('what that adds to the TCP payload of one opening, in the clear; exact, from one client alone'),
});
