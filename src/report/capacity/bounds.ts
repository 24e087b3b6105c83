import type { CapacityRow } from './schema.js';

/** What a search says of one row. */
export type Bounds = Pick<CapacityRow, 'state' | 'pass' | 'fail' | 'failedBy' | 'confirmed'>;

/** Whether the upper end says something of the transport and its server, and not of the instrument or a limit. */
export function isOwnLimit({ failedBy }: Pick<Bounds, 'failedBy'>): boolean {
  return failedBy === 'latency' || failedBy === 'delivery' || failedBy === 'server';
}

/**
 * Whether the lowest level that fails is a limit of how much it carries. Where p99 is too late at every level there is,
 * that is the transport's own delay, such as the time between two polls.
 */
export function isLimited({ state, failedBy, ...bounds }: Bounds): boolean {
  return bounds.fail !== null && isOwnLimit({ failedBy }) && !(state === 'none' && failedBy === 'latency');
}

/**
 * How the first stands to the second. It carries more where a level that has come through its long stage is above one
 * at which the other gave out by itself; what the generator could not bring about further up makes no difference.
 * `tie`: both gave out by themselves, and their brackets touch.
 */
export function orderOfBounds(a: Bounds, b: Bounds): 'lower' | 'higher' | 'tie' | 'unknown' {
  if (carriesMore(a, b)) return 'higher';
  if (carriesMore(b, a)) return 'lower';
  return [a, b].every((one) => isLimited(one) && one.pass !== null) ? 'tie' : 'unknown';
}

function carriesMore(more: Bounds, less: Bounds): boolean {
  return more.confirmed && isLimited(less) && (less.fail ?? Number.POSITIVE_INFINITY) < (more.pass ?? 0);
}
