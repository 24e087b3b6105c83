import { z } from 'zod';
import { identityShape, toolSchema } from '../schema.js';

export const BASELINE_SCHEMA_VERSION = 1;

const bytes = z.number().int().nonnegative();

const { transport, label, settings } = identityShape;

/** A committed file: the exact figures of every row, for `rtbench check` to hold the next ones against. */
export const baselineSchema = z.object({
  schemaVersion: z.literal(BASELINE_SCHEMA_VERSION),
  kind: z.literal('baseline'),
  tool: toolSchema,
  node: z.string(),
  libraries: z.record(z.string(), z.string()).describe('versions of what the bytes depend on'),
  rows: z.array(
    z.object({
      transport,
      label,
      settings,
      figures: z
        .record(z.string(), z.object({ up: bytes, down: bytes }))
        .describe('TCP payload in B, by what it was for: opening, empty poll, message 100 B, publish 100 B, heartbeat'),
    }),
  ),
});

export type Baseline = z.infer<typeof baselineSchema>;
export type BaselineRow = Baseline['rows'][number];
