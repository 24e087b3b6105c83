import type { Variable } from '../../scenario/vary.js';
import { fitRelative, LINEARITY, missesOf } from '../cost-model.js';

/** A cost at one value of what is varied; above 0. */
export interface CurvePoint {
  readonly value: number;
  readonly cost: number;
}

/** What a sweep compares by: CPU of the server process in µs a second, or TCP payload in B a second, both directions. */
export const COSTS = ['serverCpu', 'bytes'] as const;
export type Cost = (typeof COSTS)[number];

/**
 * A cost along what is varied: fixed + growing × amount. It is the cost model (`cost-model.ts`) along one line of
 * loads: with everything else as it is, each of its terms stays the same or grows with the amount.
 */
export interface Curve {
  readonly fixed: number;
  /** For one more of the amount. */
  readonly growing: number;
  /** Variances of the two, and their covariance. */
  readonly covariance: { readonly fixed: number; readonly growing: number; readonly both: number };
  readonly typicalMiss: number;
  readonly largestMiss: { readonly value: number; readonly share: number };
  readonly linear: boolean;
  readonly measurements: number;
}

/**
 * What a cost grows with: the value itself; of an interval, polls a second and client. In that the model is a line.
 */
export function amountOf(variable: Variable, value: number): number {
  return variable === 'interval' ? 1_000 / value : value;
}

/** The value that has this amount; the same function, because 1,000 / (1,000 / x) = x. */
export const valueWith = amountOf;

/** Misses below it say nothing against a curve, whatever their share: CPU of a process that does nearly nothing. */
const LEAST_MISS: Readonly<Record<Cost, number>> = { serverCpu: LINEARITY.cpuUsPerSecond, bytes: 0 };

/**
 * `follows`: whether the value makes a difference to the row; where it makes none, the cost is the same everywhere.
 *
 * @returns the reason where there is no curve to be had.
 */
export function fitCurve(
  points: readonly CurvePoint[],
  { variable, cost, follows }: { readonly variable: Variable; readonly cost: Cost; readonly follows: boolean },
): Curve | string {
  const values = new Set(points.map(({ value }) => value)).size;
  if (values < 3) return `a line with an error takes three different values with sound runs, there are ${values}`;
  const ones = points.map(() => 1);
  const amounts = points.map(({ value }) => amountOf(variable, value));
  const costs = points.map((point) => point.cost);
  const { weights, covariance, typicalMiss } = fitRelative(follows ? [ones, amounts] : [ones], costs);
  const [fixed = 0, growing = 0] = weights;
  const { largestMiss, linear } = missesOf(
    points.map((point) => ({ point: String(point.value), value: point.cost })),
    amounts.map((amount) => fixed + growing * amount),
    LEAST_MISS[cost],
  );
  return {
    fixed,
    growing,
    covariance: {
      fixed: covariance[0]?.[0] ?? 0,
      growing: covariance[1]?.[1] ?? 0,
      both: covariance[0]?.[1] ?? 0,
    },
    typicalMiss,
    largestMiss: { value: Number(largestMiss.point), share: largestMiss.share },
    linear,
    measurements: points.length,
  };
}

/** Of the cost at an amount. */
export function varianceAt({ covariance: { fixed, growing, both } }: Curve, amount: number): number {
  return Math.max(0, fixed + 2 * amount * both + amount * amount * growing);
}

export function costAt({ fixed, growing }: Curve, amount: number): number {
  return fixed + growing * amount;
}
