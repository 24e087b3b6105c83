import type { Clock } from '../metrics/clock.js';
import { LatencyHistogram } from '../metrics/histogram.js';
import type { WakeAt } from '../metrics/punctual-wake.js';
import type { PublishPhase } from '../protocol/messages.js';
import type { Schedule } from './schedule.js';

/** Messages published in one turn of the event loop; a publisher that is behind would leave sockets unserved. */
const MAX_IN_A_TURN = 32;

export interface PublisherOptions {
  readonly schedule: Schedule;
  /** Sequence numbers that are published here, in the schedule's order. */
  readonly sequences: Int32Array;
  readonly clock: Clock;
  readonly wakeAt: WakeAt;
  /** Sends one message; must not wait. */
  readonly publish: (sequence: number, dueUs: number, lagUs: number) => void;
}

/**
 * Carries out the schedule, open loop: a message is sent when it is due, or as soon after as this process can, and its
 * due time stays what it was. Each due time is start + offset, so that lateness never adds up.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  /** Due → sent, µs, of the window. */
  readonly scheduleLag = new LatencyHistogram();
  readonly published: Record<PublishPhase, number> = { warmup: 0, window: 0 };
  #cancel: () => void = () => {};

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
    const { schedule, sequences, clock, wakeAt, publish } = this.#options;
    let [next, to] = this.#range(phase);
    const dueUsOf = (index: number) => startUs + (schedule.offsetUs[sequences[index] ?? 0] ?? 0);
    const wake = () => {
      for (let inTurn = 0; next < to; next++, inTurn++) {
        const dueUs = dueUsOf(next);
        const nowUs = clock.nowUs();
        if (nowUs < dueUs || inTurn === MAX_IN_A_TURN) {
          this.#cancel = wakeAt(dueUs, wake);
          return;
        }
        const lagUs = nowUs - dueUs;
        if (phase === 'window') this.scheduleLag.record(lagUs);
        this.published[phase]++;
        publish(sequences[next] ?? 0, dueUs, lagUs);
      }
      onDone();
    };
    wake();
  }

  /** Publishes nothing more. */
  stop(): void {
    this.#cancel();
  }

  #range(phase: PublishPhase): [from: number, to: number] {
    const { schedule, sequences } = this.#options;
    let warmup = 0;
    while (warmup < sequences.length && (sequences[warmup] ?? 0) < schedule.warmupCount) warmup++;
    return phase === 'warmup' ? [0, warmup] : [warmup, sequences.length];
  }
}
