import type { Clock } from '../metrics/clock.js';
import type { PressureSample, Standing } from '../protocol/standing.js';

const EVERY_MS = 100;
/** Then every other one is left out, and they come half as often. */
const MAX_SAMPLES = 600;

/** Looks at the server's memory and its readers while the window lasts, ten times a second, less often in a long one. */
export class PressureWatch {
  readonly #clock: Clock;
  readonly #standing: () => Standing;
  #samples: PressureSample[] = [];
  #everyMs = EVERY_MS;
  #timer: NodeJS.Timeout | undefined;

  constructor(clock: Clock, standing: () => Standing) {
    this.#clock = clock;
    this.#standing = standing;
  }

  get samples(): readonly PressureSample[] {
    return this.#samples;
  }

  start(): void {
    this.#look();
    this.#timer = setTimeout(() => this.start(), this.#everyMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#look();
  }

  #look(): void {
    const { rss, heapUsed, external } = process.memoryUsage();
    this.#samples.push({
      atUs: this.#clock.nowUs(),
      rssBytes: rss,
      heapUsedBytes: heapUsed,
      externalBytes: external,
      ...this.#standing(),
    });
    if (this.#samples.length < MAX_SAMPLES) return;
    this.#samples = this.#samples.filter((_, index) => index % 2 === 0);
    this.#everyMs *= 2;
  }
}
