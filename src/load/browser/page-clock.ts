/** One question to a page for its clock: asked and answered on the clock of this process, all in µs. */
export interface ClockExchange {
  readonly askedUs: number;
  readonly pageUs: number;
  readonly answeredUs: number;
}

interface Bounds {
  readonly lowUs: number;
  readonly highUs: number;
}

/**
 * What the clock of a page has to be ahead of to become the run's: `run = page + offset`. A page reads its clock
 * between question and answer, so each exchange bounds the offset, asked − page ≤ offset ≤ answered − page, and all of
 * a series together bound it tighter than the fastest alone.
 */
export class PageClock {
  readonly #before: Bounds;
  #after: Bounds | undefined;
  /** Middle of the bounds before the window; what times are mapped by. */
  readonly offsetUs: number;

  /** @throws Error where the exchanges contradict each other: one of the two clocks was set. */
  constructor(before: readonly ClockExchange[]) {
    this.#before = boundsOf(before);
    this.offsetUs = (this.#before.lowUs + this.#before.highUs) / 2;
  }

  /** Another series, at the end: whether the clocks have drifted apart is then part of the error. */
  checkAgain(after: readonly ClockExchange[]): void {
    this.#after = boundsOf(after);
  }

  /** How far `offsetUs` may be from the true one at either end, µs. */
  get errorUs(): number {
    const bounds = [this.#before, ...(this.#after ? [this.#after] : [])];
    return Math.max(...bounds.flatMap(({ lowUs, highUs }) => [this.offsetUs - lowUs, highUs - this.offsetUs]));
  }

  /** How far the two clocks have moved apart for certain, µs; 0 where the two series agree on an offset. */
  get driftUs(): number {
    const [a, b] = [this.#before, this.#after ?? this.#before];
    return Math.max(0, a.lowUs - b.highUs, b.lowUs - a.highUs);
  }
}

function boundsOf(exchanges: readonly ClockExchange[]): Bounds {
  const lowUs = Math.max(...exchanges.map(({ askedUs, pageUs }) => askedUs - pageUs));
  const highUs = Math.min(...exchanges.map(({ answeredUs, pageUs }) => answeredUs - pageUs));
  if (!(lowUs <= highUs))
    throw new Error("a page's clock cannot be mapped to this machine's: their readings contradict");
  return { lowUs, highUs };
}
