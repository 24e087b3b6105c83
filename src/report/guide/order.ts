import { compareLogRatios } from '../comparison.js';
import { MIN_PAIRS, MIN_ROUNDS_FOR_INTERVAL, spreadOf } from '../statistics.js';

/** A figure by round. */
export type Series = ReadonlyMap<number, number>;

/** How one series stands to another. `tie`: the rounds do not tell them apart; `unknown`: too few rounds to say. */
export type Order = 'lower' | 'higher' | 'tie' | 'unknown';

/** Rounds from which two series can be told apart at all: fewer agree by chance. */
export const MIN_ROUNDS = MIN_PAIRS;

/**
 * How every two of some series stand to each other. From `MIN_ROUNDS_FOR_INTERVAL` rounds that both have (with figures
 * above 0), by the ratios within the rounds, as `compareLogRatios` judges all pairs as one family; below, by ranges: one is lower where its
 * highest round is below the lowest of the other.
 */
export class Orders<Key> {
  readonly #series: ReadonlyMap<Key, Series>;
  readonly #paired = new Map<Key, Map<Key, Order>>();

  constructor(series: ReadonlyMap<Key, Series>) {
    this.#series = series;
    const keys = [...series.keys()];
    const pairs = keys.flatMap((a, index) => keys.slice(index + 1).map((b) => ({ a, b, ratios: this.#ratios(a, b) })));
    const enough = pairs.filter(({ ratios }) => ratios.length >= MIN_ROUNDS_FOR_INTERVAL);
    for (const [index, { different, ratio }] of compareLogRatios(enough.map(({ ratios }) => ratios)).entries()) {
      const pair = enough[index];
      if (pair === undefined) continue;
      const order = !different || ratio === null ? 'tie' : ratio < 1 ? 'lower' : 'higher';
      this.#note(pair.a, pair.b, order);
      this.#note(pair.b, pair.a, opposite(order));
    }
  }

  /** How the first stands to the second: `lower` where it is below. */
  between(a: Key, b: Key): Order {
    return this.#paired.get(a)?.get(b) ?? byRanges(this.#series.get(a), this.#series.get(b));
  }

  #note(a: Key, b: Key, order: Order): void {
    this.#paired.set(a, (this.#paired.get(a) ?? new Map()).set(b, order));
  }

  #ratios(a: Key, b: Key): number[] {
    const other = this.#series.get(b);
    return [...(this.#series.get(a) ?? [])].flatMap(([round, value]) => {
      const against = other?.get(round);
      return against !== undefined && value > 0 && against > 0 ? [Math.log(value / against)] : [];
    });
  }
}

function opposite(order: Order): Order {
  if (order === 'lower') return 'higher';
  return order === 'higher' ? 'lower' : order;
}

function byRanges(a: Series | undefined, b: Series | undefined): Order {
  if (!a || !b || Math.min(a.size, b.size) < MIN_ROUNDS) return 'unknown';
  const [one, other] = [rangeOf(a), rangeOf(b)];
  if (one.high < other.low) return 'lower';
  return one.low > other.high ? 'higher' : 'tie';
}

function rangeOf(series: Series): { readonly low: number; readonly high: number } {
  const { min, max } = spreadOf([...series.values()]);
  return { low: min ?? Number.NaN, high: max ?? Number.NaN };
}

/** Median of a series; `null` where it is empty. */
export function middleOf(series: Series): number | null {
  return spreadOf([...series.values()]).median;
}
