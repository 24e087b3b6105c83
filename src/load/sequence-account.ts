/** How far behind the highest number one may come and still be told apart from a repetition. */
const REMEMBERED = 1_024;
/** What goes in such leaps is no counter. Sums over thousands of processes stay whole numbers. */
const MOST_MISSED = 2 ** 40;
const NONE = Number.NEGATIVE_INFINITY;

/** What a server's own numbers tell over all clients of a process. */
export interface SequenceCounts {
  /** Numbers that were left out and did not come later; 2 ** 40 at most. */
  readonly missed: number;
  readonly repeated: number;
  /** Came after a higher one. */
  readonly outOfOrder: number;
}

/**
 * Numbers that a server counts up for each client: which lack, come twice, or late. Of each client the last 1,024
 * numbers are kept, two bits each; one that is older than those counts as late, and what it may fill stays missed.
 */
export class SequenceAccount {
  readonly #highest: Float64Array;
  /** Numbers that came. */
  readonly #seen: Bits;
  /** Numbers that did not come, and were counted as missed. */
  readonly #owed: Bits;
  #missed = 0;
  #repeated = 0;
  #outOfOrder = 0;

  constructor(slots: number) {
    this.#highest = new Float64Array(slots).fill(NONE);
    this.#seen = new Bits(slots * REMEMBERED);
    this.#owed = new Bits(slots * REMEMBERED);
  }

  get counts(): SequenceCounts {
    const missed = Math.min(MOST_MISSED, this.#missed);
    return { missed, repeated: this.#repeated, outOfOrder: this.#outOfOrder };
  }

  /** A client got this number; `counts`: whether what that tells is counted. The first number of a client tells nothing. */
  note(slot: number, sequence: number, counts: boolean): void {
    const highest = this.#highest[slot] ?? NONE;
    if (highest === NONE) {
      this.#highest[slot] = sequence;
      this.#mark(slot, sequence);
    } else if (sequence > highest) this.#goOn(slot, highest, sequence, counts);
    else this.#comeBack(slot, highest, sequence, counts);
  }

  #goOn(slot: number, highest: number, sequence: number, counts: boolean): void {
    const skipped = sequence - highest - 1;
    if (counts) this.#missed += skipped;
    for (let back = Math.min(skipped, REMEMBERED - 1); back >= 1; back--) {
      const place = placeOf(slot, sequence - back);
      this.#seen.clear(place);
      if (counts) this.#owed.set(place);
      else this.#owed.clear(place);
    }
    this.#highest[slot] = sequence;
    this.#mark(slot, sequence);
  }

  #comeBack(slot: number, highest: number, sequence: number, counts: boolean): void {
    const isKept = highest - sequence < REMEMBERED;
    const place = placeOf(slot, sequence);
    if (isKept && this.#seen.has(place)) {
      if (counts) this.#repeated++;
      return;
    }
    if (counts) this.#outOfOrder++;
    if (!isKept) return;
    if (this.#owed.has(place)) this.#missed--;
    this.#mark(slot, sequence);
  }

  #mark(slot: number, sequence: number): void {
    const place = placeOf(slot, sequence);
    this.#seen.set(place);
    this.#owed.clear(place);
  }
}

class Bits {
  readonly #bytes: Uint8Array;

  constructor(count: number) {
    this.#bytes = new Uint8Array(Math.ceil(count / 8));
  }

  has(place: number): boolean {
    return ((this.#bytes[place >> 3] ?? 0) & (1 << (place & 7))) !== 0;
  }

  set(place: number): void {
    this.#bytes[place >> 3] = (this.#bytes[place >> 3] ?? 0) | (1 << (place & 7));
  }

  clear(place: number): void {
    this.#bytes[place >> 3] = (this.#bytes[place >> 3] ?? 0) & ~(1 << (place & 7));
  }
}

/** Of its bit. */
function placeOf(slot: number, sequence: number): number {
  return slot * REMEMBERED + (((sequence % REMEMBERED) + REMEMBERED) % REMEMBERED);
}
