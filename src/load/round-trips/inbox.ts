import type { Clock } from '../../metrics/clock.js';
import { readSequence } from '../../protocol/envelope.js';

interface Waiting {
  readonly resolve: (atUs: number) => void;
  readonly reject: (error: Error) => void;
}

/** When the messages of one client arrive, by their sequence numbers. */
export class Inbox {
  readonly #clock: Clock;
  readonly #atUs = new Map<number, number>();
  readonly #waiting = new Map<number, Waiting>();
  #failure: Error | undefined;
  /** When the first of all came; `null`: none so far. */
  firstUs: number | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** One has arrived. */
  readonly note = (body: Uint8Array): void => {
    const atUs = this.#clock.nowUs();
    const sequence = readSequence(body);
    this.firstUs ??= atUs;
    if (!this.#atUs.has(sequence)) this.#atUs.set(sequence, atUs);
    this.#waiting.get(sequence)?.resolve(atUs);
    this.#waiting.delete(sequence);
  };

  /** Nothing more will come: ends every wait, and those to come. */
  readonly fail = (error: Error): void => {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  };

  /** When this message came, µs, or comes. To be waited for at once. */
  arrival(sequence: number): Promise<number> {
    const atUs = this.#atUs.get(sequence);
    if (atUs !== undefined) return Promise.resolve(atUs);
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => this.#waiting.set(sequence, { resolve, reject }));
  }
}
