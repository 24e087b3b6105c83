import type { CompletedRow } from '../report/schema.js';
import { authGroups } from './auth-details.js';
import { DELIVERY_GROUPS } from './delivery-details.js';
import type { DetailGroup } from './detail-figures.js';
import { LATENCY_GROUPS } from './latency-details.js';
import { OBSERVED_GROUPS } from './observed-details.js';
import { PROCESS_GROUPS } from './process-details.js';
import { recoveryGroups } from './recovery-details.js';
import { roundTripGroups } from './round-trip-details.js';
import { TRAFFIC_GROUPS } from './traffic-details.js';

const GROUPS: readonly DetailGroup[] = [
  ...OBSERVED_GROUPS,
  ...LATENCY_GROUPS,
  ...DELIVERY_GROUPS,
  ...TRAFFIC_GROUPS,
  ...PROCESS_GROUPS,
];

/** The groups that have something to say of these rows. */
export function detailGroupsOf(rows: readonly CompletedRow[]): DetailGroup[] {
  const groups = GROUPS.filter(({ appliesTo }) => appliesTo === undefined || rows.some(appliesTo));
  return [...groups, ...roundTripGroups(rows), ...authGroups(rows), ...recoveryGroups(rows)];
}
