import { randomStream } from '../random.js';
import type { Scenario } from '../scenario/scenario.js';
import { chooseSlowReaders, slowReaderCount } from '../scenario/slow-readers.js';

/** Which process holds which clients, and in which order they connect. */
export interface Roles {
  readonly probe: readonly number[];
  /** For each crowd process that has any. */
  readonly crowds: readonly (readonly number[])[];
  /** Of the others, those that are made not to keep up; empty where there are none. */
  readonly slow: readonly number[];
  /** Groups of clients that connect one group after the other: the subscription order, with the probes in place. */
  readonly connectOrder: readonly (readonly number[])[];
}

/**
 * Clients subscribe in the order of their indices. The probes are a random subset of them, so that their places among
 * the subscribers are random too: a probe that always came first would not see the server's fan-out.
 */
export function assignRoles(
  scenario: Pick<Scenario, 'workload' | 'probes' | 'workers'> & Partial<Pick<Scenario, 'slowReaders'>>,
  seed: number,
): Roles {
  const { workload, probes, workers, slowReaders = null } = scenario;
  const probe = sample(workload.clients, probes, seed);
  const isProbe = new Set(probe);
  const others = Array.from({ length: workload.clients }, (_, client) => client).filter((one) => !isProbe.has(one));
  const isSlow = chooseSlowReaders(others, slowReaderCount({ workload, slowReaders }), seed);
  const crowds: number[][] = Array.from({ length: workers }, () => []);
  const connectOrder: number[][] = [];
  let crowdCount = 0;
  let previousIsProbe: boolean | undefined;
  for (let client = 0; client < workload.clients; client++) {
    if (!isProbe.has(client) && !isSlow.has(client)) crowds[crowdCount++ % workers]?.push(client);
    if (isProbe.has(client) !== previousIsProbe) connectOrder.push([]);
    previousIsProbe = isProbe.has(client);
    connectOrder.at(-1)?.push(client);
  }
  return {
    probe,
    crowds: crowds.filter((clients) => clients.length > 0),
    slow: others.filter((client) => isSlow.has(client)),
    connectOrder,
  };
}

/** `count` different numbers below `below`, ascending. */
function sample(below: number, count: number, seed: number): number[] {
  const draw = randomStream(seed, 'probes');
  const chosen = new Set<number>();
  // Floyd's way: every subset equally likely, with one draw an element.
  for (let top = below - count; top < below; top++) {
    const candidate = Math.floor(draw() * (top + 1));
    chosen.add(chosen.has(candidate) ? top : candidate);
  }
  return [...chosen].sort((a, b) => a - b);
}
