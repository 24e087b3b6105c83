import { EventEmitter, once } from 'node:events';

/** Why a run of a row that was skipped has no figures. */
export const SKIPPED = 'skipped by you';

/** What was asked of a suite. */
export type Ask =
  | { readonly type: 'pauseAsked' }
  | { readonly type: 'resumed' }
  | { readonly type: 'skipAsked'; readonly row: number };

/**
 * What whoever watches may ask of a suite while it goes on: to wait before its next run, and to leave out what is left
 * of a row. A pause holds until it is taken back; what is skipped is forgotten with the suite.
 */
export class SuiteControl {
  readonly #resumed = new EventEmitter();
  #rows = new Map<number, AbortController>();
  #onAsk: (ask: Ask) => void = () => {};
  #isPaused = false;

  /** Another suite asks from here on what is wanted of it. */
  attach(onAsk: (ask: Ask) => void): void {
    this.#rows = new Map();
    this.#onAsk = onAsk;
    if (this.#isPaused) onAsk({ type: 'pauseAsked' });
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** The run under way goes on to its end. */
  pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.#onAsk({ type: 'pauseAsked' });
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#resumed.emit('resumed');
    this.#onAsk({ type: 'resumed' });
  }

  /** Gives up the row's run that is under way, and leaves out those to come. `row`: its index in the plan. */
  skip(row: number): void {
    if (this.isSkipped(row)) return;
    this.#onAsk({ type: 'skipAsked', row });
    this.#controllerOf(row).abort(new Error(SKIPPED));
  }

  isSkipped(row: number): boolean {
    return this.signalOf(row).aborted;
  }

  /** Aborted when the row is skipped. */
  signalOf(row: number): AbortSignal {
    return this.#controllerOf(row).signal;
  }

  /** Resolves when there is no pause, and at an abort. */
  async whenGoing(signal: AbortSignal): Promise<void> {
    while (this.#isPaused && !signal.aborted) await once(this.#resumed, 'resumed', { signal }).catch(() => {});
  }

  #controllerOf(row: number): AbortController {
    const controller = this.#rows.get(row) ?? new AbortController();
    this.#rows.set(row, controller);
    return controller;
  }
}
