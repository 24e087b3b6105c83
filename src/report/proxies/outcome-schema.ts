import { z } from 'zod';

export const outcomeSchema = z
  .enum(['delivered', 'delayed', 'cut', 'dead'])
  .describe('cut: messages arrived, then the connection was lost; dead: none arrived');

/** A line of a proxy's configuration. */
export const lineSchema = z.object({ at: z.string(), text: z.string(), reason: z.string(), source: z.string() });

export type Outcome = z.infer<typeof outcomeSchema>;
