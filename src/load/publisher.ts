import type { Clock } from '../metrics/clock.js';
import { LatencyHistogram } from '../metrics/histogram.js';
import type { WakeAt } from '../metrics/punctual-wake.js';
import type { PublishPhase } from '../protocol/messages.js';
import type { Outlet } from './outlet.js';
import type { Schedule } from './schedule.js';

/**
 * Messages published in one turn of the event loop, or as many as go at once; a publisher that is behind would leave
 * sockets unserved.
 */
const MAX_IN_A_TURN = 32;

export interface PublisherOptions {
  readonly schedule: Schedule;
  /** Sequence numbers that are published here, in the schedule's order. */
  readonly sequences: Int32Array;
  readonly clock: Clock;
  readonly wakeAt: WakeAt;
  readonly outlet: Outlet;
}

/**
 * Carries out the schedule, open loop: a message is sent when it is due, or as soon after as this process can, and its
 * due time stays what it was. Each due time is start + offset, so that lateness never adds up. What is due goes before
 * anything that has come in meanwhile is looked at, and what goes at once was sent at one instant: when all of it was
 * ready.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  /** Due → sent, µs, of the window. */
  readonly scheduleLag = new LatencyHistogram();
  readonly published: Record<PublishPhase, number> = { warmup: 0, window: 0 };
  #cancel: () => void = () => {};
  #wake: () => void = () => {};
  /** From when on it may be woken by who looks at the clock. */
  #wakeFromUs = Number.POSITIVE_INFINITY;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** Messages of a phase that are to be published here. */
  planned(phase: PublishPhase): number {
    const [from, to] = this.#range(phase);
    return to - from;
  }

  /** Publishes a phase whose first instant is `startUs`; calls `onDone` after its last message. */
  start(phase: PublishPhase, startUs: number, onDone: () => void): void {
    const { schedule, sequences, clock, wakeAt, outlet } = this.#options;
    const maxInTurn = Math.max(MAX_IN_A_TURN, outlet.atOnce);
    let [next, to] = this.#range(phase);
    const dueUsOf = (index: number) => startUs + (schedule.offsetUs[sequences[index] ?? 0] ?? 0);
    const handOver = (from: number) => {
      const sentUs = clock.nowUs();
      for (let index = from; index < next; index++) outlet.stamp(index - from, sentUs - dueUsOf(index));
      outlet.send();
      this.published[phase] += next - from;
      if (phase !== 'window') return;
      for (let index = from; index < next; index++) this.scheduleLag.record(sentUs - dueUsOf(index));
    };
    this.#wake = () => {
      this.#wakeFromUs = Number.POSITIVE_INFINITY;
      const lastInTurn = Math.min(to, next + maxInTurn);
      while (next < to) {
        const from = next;
        const end = Math.min(lastInTurn, from + outlet.atOnce);
        const nowUs = clock.nowUs();
        for (; next < end && dueUsOf(next) <= nowUs; next++) outlet.add(sequences[next] ?? 0, dueUsOf(next));
        if (next === from) {
          this.#cancel = wakeAt(dueUsOf(next), this.#wake);
          // What is due and had to be left goes in another turn, after the sockets.
          if (from < lastInTurn) this.#wakeFromUs = dueUsOf(next);
          return;
        }
        handOver(from);
      }
      onDone();
    };
    this.#wake();
  }

  /** Told the time within a turn of the event loop that takes long, publishes what has fallen due in it. */
  catchUp(nowUs: number): void {
    if (nowUs < this.#wakeFromUs) return;
    this.#cancel();
    this.#wake();
  }

  /** Publishes nothing more. */
  stop(): void {
    this.#wakeFromUs = Number.POSITIVE_INFINITY;
    this.#cancel();
  }

  #range(phase: PublishPhase): [from: number, to: number] {
    const { schedule, sequences } = this.#options;
    let warmup = 0;
    while (warmup < sequences.length && (sequences[warmup] ?? 0) < schedule.warmupCount) warmup++;
    return phase === 'warmup' ? [0, warmup] : [warmup, sequences.length];
  }
}
