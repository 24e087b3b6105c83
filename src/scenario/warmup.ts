import type { Workload } from './scenario.js';

/** A warm-up is long enough after so many deliveries, or after so long, whichever comes first. */
export const WARM_AFTER = { deliveries: 10_000, ms: 2_000 } as const;

/** Least time of a warm-up by count, ms: what reacts to time and not to messages (timers, polls) needs some as well. */
const LEAST_MS = 1_000;

/** Deliveries that the messages of a second make. */
export function deliveriesPerSecond({
  clients,
  channels,
  ratePerSecond,
}: Pick<Workload, 'clients' | 'channels' | 'ratePerSecond'>): number {
  return channels === 'private' ? ratePerSecond : (ratePerSecond * clients) / channels;
}

/** The warm-up that `auto` stands for, ms: as long as `WARM_AFTER` says, and at least a second. */
export function warmupMsFor(workload: Parameters<typeof deliveriesPerSecond>[0]): number {
  const enoughMs = Math.ceil((1_000 * WARM_AFTER.deliveries) / deliveriesPerSecond(workload));
  return Math.min(WARM_AFTER.ms, Math.max(LEAST_MS, enoughMs));
}
