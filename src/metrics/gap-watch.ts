import type { Clock } from './clock.js';

/** A time in which a process gave no sign of life. */
export interface Gap {
  readonly fromUs: number;
  readonly toUs: number;
  /** CPU time of the process by the time meanwhile: about 1 when it was busy in one go, about 0 when it stood still. */
  readonly busyShare: number;
}

/** To ask for the CPU time costs some µs, so it is not asked for at every beat. */
const CPU_EVERY_US = 50_000;
/** Gaps that are kept; the rest is forgotten, so that messages that are seldom due cannot fill the memory. */
const MAX_GAPS = 5_000;

/** Notes the times of more than `longerThanUs` between two beats. A beat allocates nothing and reads the clock once. */
export class GapWatch {
  readonly #clock: Clock;
  readonly #longerThanUs: number;
  readonly #cpuUs: () => number;
  readonly #gaps: Gap[] = [];
  #seenUs: number;
  #cpuReadUs: number;
  #cpuThenUs: number;

  /** `cpuUs`: CPU time of this process since it started. */
  constructor(clock: Clock, longerThanUs: number, cpuUs: () => number = ownCpuUs) {
    this.#clock = clock;
    this.#longerThanUs = longerThanUs;
    this.#cpuUs = cpuUs;
    this.#seenUs = clock.nowUs();
    this.#cpuReadUs = this.#seenUs;
    this.#cpuThenUs = cpuUs();
  }

  get gaps(): readonly Gap[] {
    return this.#gaps;
  }

  beat(): void {
    const nowUs = this.#clock.nowUs();
    if (nowUs - this.#seenUs > this.#longerThanUs && this.#gaps.length < MAX_GAPS) {
      const busyShare = (this.#cpuUs() - this.#cpuThenUs) / (nowUs - this.#cpuReadUs);
      this.#gaps.push({ fromUs: this.#seenUs, toUs: nowUs, busyShare });
    }
    this.#seenUs = nowUs;
    if (nowUs - this.#cpuReadUs < CPU_EVERY_US) return;
    this.#cpuReadUs = nowUs;
    this.#cpuThenUs = this.#cpuUs();
  }
}

function ownCpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
