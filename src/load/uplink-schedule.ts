import { randomStream } from '../random.js';
import type { Workload } from '../scenario/scenario.js';
import type { Turn } from '../scenario/turns.js';
import { channelOf, makeSchedule, type Schedule } from './schedule.js';

const MAX_SEED = 2_147_483_647;

/**
 * What clients send besides, as `makeSchedule` has what is published: at times of its own, as `arrivals` says. At even
 * times the clients take turns, in an order drawn from the seed, so that each of them is a ticker too, and alone they
 * begin somewhere in the first interval, so as not to be in step with what is published. Empty where they send nothing,
 * or acknowledge what they get.
 */
export function makeUplinkSchedule(seed: number, workload: Workload, turn: Turn | null = null): Schedule {
  const { uplink, clients, arrivals } = workload;
  const ratePerSecond = uplink?.kind === 'stream' ? uplink.ratePerSecond : 0;
  const own = Math.floor(randomStream(seed, 'uplink')() * MAX_SEED);
  const schedule = makeSchedule(own, { ...workload, publish: 'clients', ratePerSecond }, turn);
  if (arrivals !== 'periodic') return schedule;
  const draw = randomStream(own, 'order of clients');
  const order = shuffled(clients, draw);
  const { publisher, channel, offsetUs, warmupCount } = schedule;
  const shiftUs = turn === null ? (draw() * 1_000_000) / ratePerSecond : 0;
  for (const sequence of publisher.keys()) {
    const place = sequence < warmupCount ? sequence : sequence - warmupCount;
    const client = order[place % clients] ?? 0;
    publisher[sequence] = client;
    channel[sequence] = channelOf(client, workload);
    offsetUs[sequence] = (offsetUs[sequence] ?? 0) + shiftUs;
  }
  return schedule;
}

/** Fisher–Yates. */
function shuffled(clients: number, draw: () => number): number[] {
  const order = Array.from({ length: clients }, (_, client) => client);
  for (let last = order.length - 1; last > 0; last--) {
    const picked = Math.floor(draw() * (last + 1));
    [order[picked], order[last]] = [order[last] ?? 0, order[picked] ?? 0];
  }
  return order;
}
