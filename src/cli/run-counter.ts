import { formatDurationMs } from '../units.js';

/** A line on stderr for each run, with how many there are and how long the others will take. */
export class RunCounter {
  readonly #quiet: boolean;
  readonly #startedMs = performance.now();
  #total: number;
  #done = 0;

  constructor(total: number, quiet: boolean) {
    this.#total = total;
    this.#quiet = quiet;
  }

  /** More runs than were known of. */
  expect(more: number): void {
    this.#total += more;
  }

  say(line: string): void {
    if (!this.#quiet) console.error(line);
  }

  /** One run is over. */
  count(line: string): void {
    const leftMs = ((performance.now() - this.#startedMs) / ++this.#done) * (this.#total - this.#done);
    const left = this.#done >= this.#total ? '' : ` · about ${formatDurationMs(leftMs)} left`;
    this.say(`[${this.#done}/${this.#total}] ${line}${left}`);
  }
}
