import { randomStream } from '../random.js';
import type { Workload } from '../scenario/scenario.js';
import { inTurn, type Turn } from '../scenario/turns.js';

/** `Schedule.publisher` of a message that is published into the hub from outside. */
export const FROM_OUTSIDE = -1;

/**
 * Every publish of a run, a pure function of seed and workload: each process computes the same one. A message's
 * sequence number is its index; the messages of the warm-up come first. Inside a phase they are in the order of due
 * times.
 */
export interface Schedule {
  readonly warmupCount: number;
  readonly windowCount: number;
  /** When a message is due, µs after the start of its phase. */
  readonly offsetUs: Float64Array;
  /** Client that publishes it, or `FROM_OUTSIDE`. */
  readonly publisher: Int32Array;
  /** Index of its channel. */
  readonly channel: Int32Array;
}

/**
 * Open loop: the due times do not depend on what the server does. `poisson`: a Poisson process given its count (so
 * that every seed publishes rate × duration messages), which is as many uniform times, sorted. `periodic`: evenly
 * spaced from the start of the phase, and where the server publishes in the channels in turn, so that each of them is a
 * ticker too. Bursts: see `fillBursts`; a burst has one publisher and one channel. With a turn all of this holds for
 * the run's own turns laid end to end.
 */
export function makeSchedule(seed: number, workload: Workload, turn: Turn | null = null): Schedule {
  const warmupCount = countIn(workload.warmupMs, workload);
  const windowCount = countIn(workload.durationMs, workload);
  const total = warmupCount + windowCount;
  const offsetUs = new Float64Array(total);
  fill(offsetUs.subarray(0, warmupCount), workload.warmupMs, workload, turn, randomStream(seed, 'warm-up times'));
  fill(offsetUs.subarray(warmupCount), workload.durationMs, workload, turn, randomStream(seed, 'window times'));

  const publisher = new Int32Array(total).fill(FROM_OUTSIDE);
  const channel = new Int32Array(total);
  const draw = randomStream(seed, 'publishers');
  const channels = channelCount(workload);
  const inBursts = typeof workload.arrivals === 'object';
  for (let seq = 0; seq < total; seq++) {
    const place = seq < warmupCount ? seq : seq - warmupCount;
    if (inBursts && place > 0 && offsetUs[seq] === offsetUs[seq - 1]) {
      publisher[seq] = publisher[seq - 1] ?? FROM_OUTSIDE;
      channel[seq] = channel[seq - 1] ?? 0;
    } else if (workload.publish === 'clients') {
      publisher[seq] = Math.floor(draw() * workload.clients);
      channel[seq] = channelOf(publisher[seq] ?? 0, workload);
    } else {
      channel[seq] = workload.arrivals === 'periodic' ? place % channels : Math.floor(draw() * channels);
    }
  }
  return { warmupCount, windowCount, offsetUs, publisher, channel };
}

export function channelCount({ channels, clients }: Workload): number {
  return channels === 'private' ? clients : channels;
}

/** Index of the one channel that a client subscribes to. */
export function channelOf(client: number, workload: Workload): number {
  return client % channelCount(workload);
}

/** Names have one width, so that requests that carry them do not differ in size. */
export function channelName(index: number): string {
  return `c${String(index).padStart(5, '0')}`;
}

function countIn(durationMs: number, { ratePerSecond }: Workload): number {
  return Math.round((ratePerSecond * durationMs) / 1_000);
}

function fill(
  offsetUs: Float64Array,
  durationMs: number,
  { arrivals, ratePerSecond }: Workload,
  turn: Turn | null,
  draw: () => number,
): void {
  const shares = turn?.of ?? 1;
  const ownDurationUs = (durationMs * 1_000) / shares;
  if (typeof arrivals === 'object') {
    fillBursts(offsetUs, ownDurationUs, arrivals.meanSize, draw);
  } else {
    for (let i = 0; i < offsetUs.length; i++) {
      offsetUs[i] = arrivals === 'periodic' ? (i * 1_000_000) / (ratePerSecond * shares) : draw() * ownDurationUs;
    }
    offsetUs.sort();
  }
  if (turn === null) return;
  for (let i = 0; i < offsetUs.length; i++) offsetUs[i] = inTurn(offsetUs[i] ?? 0, durationMs, turn);
}

/**
 * Bursts at the times of a Poisson process, count / mean size of them, whose messages are all due at once. Every division of
 * the messages into that many bursts of at least one is as likely as any other, so that sizes are geometric given their
 * sum. The messages after the first are gone through once, each beginning a burst with the probability that leaves all
 * divisions alike (selection sampling: Fan, Muller and Rezucha 1962).
 */
function fillBursts(offsetUs: Float64Array, durationUs: number, meanSize: number, draw: () => number): void {
  const count = offsetUs.length;
  const bursts = Math.min(count, Math.max(1, Math.round(count / meanSize)));
  const beginsUs = Float64Array.from({ length: bursts }, () => draw() * durationUs).sort();
  for (let message = 0, burst = 0; message < count; message++) {
    if (message > 0 && draw() * (count - message) < bursts - 1 - burst) burst++;
    offsetUs[message] = beginsUs[burst] ?? 0;
  }
}
