import type { Variable } from '../../scenario/vary.js';
import { amountOf, type Cost, type Curve, costAt, valueWith, varianceAt } from './curve.js';

/** Which of two curves is the lower one, as far as they are told apart. */
export type Relation =
  | {
      readonly state: 'crossing';
      /** Where they cost the same. */
      readonly at: number;
      /** Between these neither is told to cost less, two standard errors; `null`: without end. */
      readonly low: number | null;
      readonly high: number | null;
      /** Beyond what was measured. */
      readonly extrapolated: boolean;
      readonly below: Side;
      readonly above: Side;
    }
  /** One costs less at both ends of what was measured, and they do not meet near it. */
  | { readonly state: 'throughout'; readonly cheaper: Side }
  /** One costs less at one end, and at the other they are not told apart. */
  | { readonly state: 'at one end'; readonly cheaper: Side; readonly end: 'low' | 'high' }
  | { readonly state: 'not told apart' };

/** The first or the second of the two. */
export type Side = 'a' | 'b';

/** Standard errors that a difference must have to be told from none. */
export const ERRORS = 2;

/**
 * Least share by which two costs differ that are told apart. Of CPU as much as two runs of the same on a shared machine
 * (`MIN_EFFECT` of comparisons); bytes are counted.
 */
export const LEAST_SHARE: Readonly<Record<Cost, number>> = { serverCpu: 0.1, bytes: 0.01 };

/** A crossing further beyond what was measured, by this factor of the value, is not given. */
const MOST_EXTRAPOLATION = 10;

/** `values`: lowest and highest that were measured. */
export function relationOf(
  a: Curve,
  b: Curve,
  { variable, cost, values: [lowest, highest] }: { variable: Variable; cost: Cost; values: readonly [number, number] },
): Relation {
  const atLow = cheaperAt(a, b, amountOf(variable, lowest), cost);
  const atHigh = cheaperAt(a, b, amountOf(variable, highest), cost);
  const growth = b.growing - a.growing;
  const amount = (a.fixed - b.fixed) / growth;
  const at = valueWith(variable, amount);
  const crossing = (extrapolated: boolean, below: Side, above: Side): Relation => {
    const error = (ERRORS * Math.sqrt(varianceAt(a, amount) + varianceAt(b, amount))) / Math.abs(growth);
    const ends = [amount - error, amount + error].map((end) => (end > 0 ? valueWith(variable, end) : null));
    // Of an interval, the least amount is the longest value; what has no end upwards is then the first.
    const [low = null, high = null] = variable === 'interval' ? ends.reverse() : [ends[0] ?? 0, ends[1] ?? null];
    return { state: 'crossing', at, low, high, extrapolated, below, above };
  };
  if (atLow !== null && atHigh !== null && atLow !== atHigh) return crossing(false, atLow, atHigh);
  const cheaper = atLow ?? atHigh;
  if (cheaper === null) return { state: 'not told apart' };
  if (atLow === null || atHigh === null) return { state: 'at one end', cheaper, end: atLow === null ? 'high' : 'low' };
  const near = at > 0 && at >= lowest / MOST_EXTRAPOLATION && at <= highest * MOST_EXTRAPOLATION;
  const told = Math.abs(growth) > ERRORS * Math.sqrt(a.covariance.growing + b.covariance.growing);
  // A line that misses what it was fitted to says nothing of what lies beyond.
  if (!near || !told || !a.linear || !b.linear) return { state: 'throughout', cheaper };
  return at < lowest ? crossing(true, other(cheaper), cheaper) : crossing(true, cheaper, other(cheaper));
}

/** `null`: not told apart there. */
function cheaperAt(a: Curve, b: Curve, amount: number, cost: Cost): Side | null {
  return lowerOf(
    { value: costAt(a, amount), variance: varianceAt(a, amount) },
    { value: costAt(b, amount), variance: varianceAt(b, amount) },
    cost,
  );
}

interface Estimated {
  readonly value: number;
  readonly variance: number;
}

/** Which of two estimates of a cost is the lower one; `null`: they are not told apart. */
export function lowerOf(a: Estimated, b: Estimated, cost: Cost): Side | null {
  const difference = Math.abs(a.value - b.value);
  const least = LEAST_SHARE[cost] * Math.max(0, Math.min(a.value, b.value));
  if (difference <= least || difference <= ERRORS * Math.sqrt(a.variance + b.variance)) return null;
  return a.value < b.value ? 'a' : 'b';
}

function other(side: Side): Side {
  return side === 'a' ? 'b' : 'a';
}
