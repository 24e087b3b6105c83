import { randomStream } from '../random.js';
import type { Scenario, Workload } from './scenario.js';
import { deliveriesPerSecond } from './warmup.js';

/**
 * Code that has not run often yet takes several times the CPU it will take: at 1,500 deliveries a second a WebSocket
 * server used 6.7 % of a core after half a second, and 3 % after six. As many deliveries as this warm every load alike.
 */
const WARMUP = { deliveries: 10_000, minMs: 500, maxMs: 4_000 } as const;

/** How a stage differs from the scenario that it is a stage of. */
export interface StageChanges {
  readonly workload: Partial<Workload>;
  /** Counted over all stages from 0: each has a workload and an order of rows of its own. */
  readonly index: number;
  /** `null`: as long as it takes to warm up by count. */
  readonly warmupMs: number | null;
}

/** One round of a scenario at another load. */
export function stageScenario(scenario: Scenario, { workload: changes, index, warmupMs }: StageChanges): Scenario {
  const workload = { ...scenario.workload, ...changes };
  const byCountMs = Math.ceil((1_000 * WARMUP.deliveries) / deliveriesPerSecond(workload));
  return {
    ...scenario,
    // Each stage has loads of its own, and a row's share of a round is known only alone.
    interleaveMs: null,
    rounds: 1,
    auto: null,
    seed: scenario.seed + (index + 1) * 1_000_003,
    probes: Math.min(scenario.probes, workload.clients),
    workload: {
      ...workload,
      warmupMs: warmupMs ?? Math.min(WARMUP.maxMs, Math.max(WARMUP.minMs, byCountMs)),
    },
  };
}

/** In an order drawn from the seed (Fisher–Yates). */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const draw = randomStream(seed, 'order of operating points');
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const picked = Math.floor(draw() * (last + 1));
    const [a, b] = [order[picked], order[last]];
    if (a !== undefined && b !== undefined) [order[picked], order[last]] = [b, a];
  }
  return order;
}
