import { THRESHOLDS } from './thresholds.js';

interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

/** How late messages were sent, and how long they took from when they were due, and from when they were sent. */
export interface Lateness {
  /** `null`: nothing was sent. */
  readonly lagP99Us: number | null;
  /** `null`: nothing arrived. */
  readonly latencyUs: Percentiles | null;
  readonly serviceLatencyUs: Percentiles | null;
}

/**
 * How much of the headline its sender's lateness made up, at p50 or p99, whichever is more: what would be gone if
 * each message counted from when it was sent. 0 while the lag is too small to matter.
 */
export function latenessShare({ lagP99Us, latencyUs, serviceLatencyUs }: Lateness): number {
  if (lagP99Us === null || latencyUs === null || serviceLatencyUs === null) return 0;
  if (lagP99Us <= THRESHOLDS.lagP99Us) return 0;
  const part = (dueUs: number, sentUs: number) => (dueUs > 0 ? 1 - sentUs / dueUs : 0);
  return Math.max(part(latencyUs.p50, serviceLatencyUs.p50), part(latencyUs.p99, serviceLatencyUs.p99));
}
