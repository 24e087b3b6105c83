import type { CompletedRun } from './schema.js';

/** Deliveries known not to have come once and in order. Of a server that is observed what cannot be known is in none. */
export function knownFaults({ lost, duplicated, reordered }: CompletedRun['delivery']): number {
  return [lost, duplicated, reordered].reduce<number>((sum, count) => sum + (count ?? 0), 0);
}
