import { slopeOverClients } from './cost-model.js';
import type { CostRow } from './cost-schema.js';

/** What a process, or the kernel, grew by while that many clients connected; `null`: not known. */
export interface GrownBytes {
  readonly clients: number;
  readonly grownBytes: number | null;
}

/** Memory of each further client. @returns the reason where there is no slope to be had. */
export function memorySlope(runs: readonly GrownBytes[]): NonNullable<CostRow['memoryPerClient']> | string {
  const points = runs.flatMap(({ clients, grownBytes }) =>
    grownBytes === null ? [] : [{ clients, grown: grownBytes }],
  );
  const slope = slopeOverClients(points);
  if (typeof slope === 'string') return slope;
  return {
    bytes: slope.perClient,
    standardErrorBytes: slope.standardError,
    clientCounts: [...new Set(points.map(({ clients }) => clients))].sort((a, b) => a - b),
  };
}
