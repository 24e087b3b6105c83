import type { CostRun } from '../report/cost.js';
import type { OperatingPoint } from '../scenario/cost-plan.js';
import { EXAMPLE_ROWS, exampleRun } from './example-report.js';

/** What an example server pays, µs, and what it grows by with each client. */
export interface ExampleCost {
  readonly client: number;
  readonly publish: number;
  readonly delivery: number;
  readonly poll: number;
  /** A second and client. */
  readonly polls: number;
  readonly clientBytes: number;
}

/** A sound run of row `row` in which every publish reached every client; `factor`: how far off its CPU is. */
export function costRun(
  row: number,
  point: OperatingPoint,
  cost: ExampleCost,
  { use = 'fit', factor = 1 }: { use?: CostRun['use']; factor?: number } = {},
): CostRun {
  const { clients, ratePerSecond } = point;
  const deliveries = clients * ratePerSecond;
  const polls = clients * cost.polls;
  const cpuUsPerSecond =
    cost.client * clients + cost.publish * ratePerSecond + cost.delivery * deliveries + cost.poll * polls;
  return {
    row,
    point,
    warmupMs: 500,
    waitMs: 0,
    use,
    result: exampleRun(EXAMPLE_ROWS.webSocket, 0),
    load: {
      clients,
      publishesPerSecond: ratePerSecond,
      deliveriesPerSecond: deliveries,
      pollsPerSecond: polls,
      bytesPerSecond: 210 * deliveries + 300 * polls,
      cpuUsPerSecond: cpuUsPerSecond * factor,
      machineBusyUsPerSecond: cpuUsPerSecond * 3,
      serverGrownBytes: 400_000 + clients * cost.clientBytes,
    },
    kernelGrownBytes: clients * 4_000,
  };
}
