import { setTimeout as delay } from 'node:timers/promises';
import type { FromWorker, PublishPhase } from '../protocol/messages.js';

type Notice = Extract<FromWorker, { phase: PublishPhase }>['type'];

/** Which worker has published, or received, all of a phase. */
export class PhaseBoard {
  readonly #workers: number;
  readonly #notices = new Set<string>();
  #changed: () => void = () => {};

  constructor(workers: number) {
    this.#workers = workers;
  }

  note(worker: number, message: FromWorker): void {
    if (message.type !== 'published' && message.type !== 'received') return;
    this.#notices.add(`${message.type} ${message.phase} ${worker}`);
    this.#changed();
  }

  /** Resolves to whether every worker has given this notice within the time. Rejects when `signal` aborts. */
  async all(type: Notice, phase: PublishPhase, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    const complete = new Promise<true>((resolve) => {
      this.#changed = () => {
        for (let worker = 0; worker < this.#workers; worker++) {
          if (!this.#notices.has(`${type} ${phase} ${worker}`)) return;
        }
        resolve(true);
      };
      this.#changed();
    });
    return Promise.race([complete, delay(timeoutMs, false as const, { signal })]);
  }
}
