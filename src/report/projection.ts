import type { CompletedRun } from './schema.js';

/** 30 days. */
const MONTH_SECONDS = 30 * 24 * 3_600;
const GB = 1_000_000_000;

type UpDown = CompletedRun['bytes']['perMessage'];

/**
 * Traffic of a month in which the load goes on without a pause, in GB (10⁹ bytes) of TCP payload: bytes per delivery ×
 * deliveries per second × 2,592,000 s (30 days), for all clients and, divided by their number, for one of them.
 */
export function projectedTraffic(
  bytesPerDelivery: UpDown,
  deliveriesPerSecond: number,
  clients: number,
): CompletedRun['bytes']['projected'] {
  const month = (bytes: number | null, share: number) =>
    bytes === null ? null : (bytes * deliveriesPerSecond * MONTH_SECONDS * share) / GB;
  const { up, down } = bytesPerDelivery;
  return {
    gbPerMonth: { up: month(up, 1), down: month(down, 1) },
    gbPerMonthPerClient: { up: month(up, 1 / clients), down: month(down, 1 / clients) },
  };
}
