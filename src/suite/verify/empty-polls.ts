import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { channelName } from '../../load/schedule.js';
import { randomStream } from '../../random.js';
import type { Row } from '../../scenario/scenario.js';
import { MessageHub } from '../../server/hub.js';
import type { ReferenceServer } from '../../server/reference-server.js';
import type { Connection } from '../../transports/transport.js';
import { connectTo, HUB_OPTIONS, openServer } from '../same-process.js';
import { type Check, check } from './check.js';

const SEED = 1;
const CLIENTS = 250;
/** Polls of each client that are looked at. */
const INTERVALS = 8;
/** Messages that arrive for a client in one interval, on average: rate × interval. */
const ARRIVALS = 1;
/** Standard deviations; chance goes beyond four once in 16,000 times. */
const DEVIATIONS = 4;
const BODY = Buffer.alloc(48, 'x');

/**
 * Polls at an interval against messages of a Poisson process: nothing arrives in an interval with the probability
 * e^(−rate × interval). Every client has a channel and arrivals of its own, so that its polls are independent of the
 * others'; phases and arrivals are drawn from a fixed seed.
 */
export async function emptyPollCheck(row: Row, signal: AbortSignal): Promise<Check> {
  const ratePerMs = ARRIVALS / row.worstWaitMs;
  const hub = new WatchedHub(ratePerMs);
  const server = await openServer(row, { hub });
  const arrivals = new Arrivals(hub, CLIENTS * ratePerMs);
  let connections: readonly Connection[] = [];
  try {
    connections = await connectAll(row, server, signal);
    arrivals.start();
    // What a first poll finds has not had an interval's time to arrive.
    await delay(1.5 * row.worstWaitMs, undefined, { signal });
    hub.watch();
    await delay(INTERVALS * row.worstWaitMs, undefined, { signal });
    return emptyCheck(row, hub.polls);
  } finally {
    arrivals.stop();
    await Promise.all(connections.map((connection) => connection.close()));
    await server.close();
  }
}

/** Polls that were watched; each has a probability of finding nothing, by the time since its client's last one. */
export interface Polls {
  count: number;
  empty: number;
  /** Sum of the probabilities p. */
  expectedEmpty: number;
  /** Sum of p (1 − p). */
  variance: number;
  /** Sum of the times since the last poll. */
  intervalsMs: number;
}

/** Judges how many polls found nothing. */
export function emptyCheck({ label }: Pick<Row, 'label'>, polls: Polls): Check {
  const { count, empty, expectedEmpty, variance, intervalsMs } = polls;
  const subject = { subject: label, unit: 'share' } as const;
  if (count === 0)
    return check({ ...subject, name: 'empty polls', theory: null, measured: null, note: 'no poll came' });
  return check({
    ...subject,
    name: `empty of ${count.toLocaleString('en-US')} polls`,
    theory: expectedEmpty / count,
    measured: empty / count,
    tolerance: (DEVIATIONS * Math.sqrt(variance)) / count,
    note:
      `${ARRIVALS} message an interval on average; the intervals as they were, ${(intervalsMs / count).toFixed(1)} ms on ` +
      `average; tolerance: ${DEVIATIONS} standard deviations of the binomial`,
  });
}

/** A hub that sees every poll, when it comes and whether it finds something. */
class WatchedHub extends MessageHub {
  readonly #ratePerMs: number;
  readonly #lastPollMs = new Map<string, number>();
  #watched = false;
  readonly polls: Polls = { count: 0, empty: 0, expectedEmpty: 0, variance: 0, intervalsMs: 0 };

  /** `ratePerMs`: of messages in each channel. */
  constructor(ratePerMs: number) {
    super(HUB_OPTIONS);
    this.#ratePerMs = ratePerMs;
  }

  watch(): void {
    this.#watched = true;
  }

  override read(channels: readonly string[], since: number | null) {
    const read = super.read(channels, since);
    const channel = channels[0] ?? '';
    const nowMs = performance.now();
    const lastMs = this.#lastPollMs.get(channel);
    this.#lastPollMs.set(channel, nowMs);
    if (this.#watched && lastMs !== undefined) this.#count(nowMs - lastMs, !read.gap && read.messages.length === 0);
    return read;
  }

  #count(intervalMs: number, empty: boolean): void {
    const probability = Math.exp(-this.#ratePerMs * intervalMs);
    this.polls.count++;
    if (empty) this.polls.empty++;
    this.polls.expectedEmpty += probability;
    this.polls.variance += probability * (1 - probability);
    this.polls.intervalsMs += intervalMs;
  }
}

async function connectAll(row: Row, { urls }: ReferenceServer, signal: AbortSignal): Promise<readonly Connection[]> {
  const drawPhase = randomStream(SEED, 'phases');
  const connecting = AbortSignal.any([signal]);
  setMaxListeners(CLIENTS, connecting);
  return Promise.all(
    Array.from({ length: CLIENTS }, (_, clientId) =>
      connectTo(row, {
        urls: urls[0] ?? [],
        clientId,
        channels: [channelName(clientId)],
        phase: drawPhase(),
        signal: connecting,
      }),
    ),
  );
}

/** One Poisson process whose messages go to random channels: a Poisson process in each of them. */
class Arrivals {
  readonly #hub: MessageHub;
  readonly #perMs: number;
  readonly #drawGap = randomStream(SEED, 'gaps');
  readonly #drawClient = randomStream(SEED, 'clients');
  #dueMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(hub: MessageHub, perMs: number) {
    this.#hub = hub;
    this.#perMs = perMs;
  }

  start(): void {
    this.#dueMs = performance.now();
    this.#wait();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wait(): void {
    this.#timer = setTimeout(() => this.#publishDue(), Math.max(0, this.#dueMs - performance.now()));
  }

  /** A timer that comes late publishes what has become due meanwhile. */
  #publishDue(): void {
    while (this.#dueMs <= performance.now()) {
      this.#hub.publish(channelName(Math.floor(this.#drawClient() * CLIENTS)), BODY);
      this.#dueMs -= Math.log(1 - this.#drawGap()) / this.#perMs;
    }
    this.#wait();
  }
}
