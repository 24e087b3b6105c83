import { z } from 'zod';
import { WAIT } from '../scenario/when-full.js';

const count = z.number().int().nonnegative();
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
