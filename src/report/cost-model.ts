import MultivariateLinearRegression from 'ml-regression-multivariate-linear';
import { listed } from './wording.js';

/** What server CPU is spent on: clients that are connected, messages published, deliveries, polls answered. */
export const COST_TERMS = ['client', 'publish', 'delivery', 'poll'] as const;
export type CostTerm = (typeof COST_TERMS)[number];

/** One measured operating point. */
export interface CostObservation {
  /** Equal for repeats of one operating point. */
  readonly point: string;
  /** Clients connected; publishes, deliveries and answered polls a second. */
  readonly amounts: Readonly<Record<CostTerm, number>>;
  /** CPU of the server process, µs a second; above 0. */
  readonly cpuUsPerSecond: number;
}

export interface CostEstimate {
  /** µs of CPU for one of it; of a client: a second. Below 0 where the measurements say so. */
  readonly us: number;
  readonly standardErrorUs: number;
}

export interface CostFit {
  readonly terms: Readonly<Partial<Record<CostTerm, CostEstimate>>>;
  /** Terms that cannot be told apart here, and why. */
  readonly left: Readonly<Partial<Record<CostTerm, string>>>;
  /** µs a second for the amounts of each observation, in their order. */
  readonly predicted: readonly number[];
  /** Standard deviation of (predicted − measured) / measured, degrees of freedom taken off. */
  readonly typicalMiss: number;
  /** Of the operating points: the one that is missed by most, as a share of what was measured there. */
  readonly largestMiss: { readonly point: string; readonly share: number };
  /** Whether no point is missed by more than `LINEARITY` allows. */
  readonly linear: boolean;
}

/**
 * A model is called not linear when it misses a point that it was fitted to, repeats averaged, by more than 20 % and
 * by more than 1 % of a core. Two runs of one point on a shared machine differ by 10 % now and then; what a process
 * that does nearly nothing uses is noise below the second limit.
 */
export const LINEARITY = { share: 0.2, cpuUsPerSecond: 10_000 } as const;

/** Least share of a term's variation that the terms before it do not explain: below it they move in step. */
const LEAST_OWN_SHARE = 0.01;

type Column = readonly number[];

/**
 * CPU/s = a·clients + b·publishes/s + c·deliveries/s + d·polls/s by least squares over relative misses: the noise of
 * CPU time grows with it, and without the weights the busiest point would decide alone. A term that moves in step with
 * those before it is left out, and its cost is in theirs.
 *
 * @returns the reason where it cannot be fitted.
 */
export function fitCost(observations: readonly CostObservation[]): CostFit | string {
  const { kept, left } = separable(observations);
  if (observations.length <= kept.length) {
    return `too few sound measurements for a model and its errors: ${observations.length}`;
  }
  const { weights, covariance, typicalMiss } = fitRelative(
    kept.map((term) => observations.map(({ amounts }) => amounts[term])),
    observations.map(({ cpuUsPerSecond }) => cpuUsPerSecond),
  );
  const terms: Partial<Record<CostTerm, CostEstimate>> = {};
  for (const [index, term] of kept.entries()) {
    terms[term] = { us: weights[index] ?? 0, standardErrorUs: Math.sqrt(covariance[index]?.[index] ?? 0) };
  }
  const predicted = observations.map(({ amounts }) => predictCpu(terms, amounts));
  const measured = observations.map(({ point, cpuUsPerSecond }) => ({ point, value: cpuUsPerSecond }));
  return { terms, left, predicted, typicalMiss, ...missesOf(measured, predicted, LINEARITY.cpuUsPerSecond) };
}

export interface RelativeFit {
  /** One for each column. */
  readonly weights: readonly number[];
  /** Of the weights, with each other. */
  readonly covariance: readonly (readonly number[])[];
  /** Standard deviation of (predicted − measured) / measured, degrees of freedom taken off. */
  readonly typicalMiss: number;
}

/** value = Σ weight × column by least squares over relative misses. More values than columns, all of them above 0. */
export function fitRelative(columns: readonly Column[], values: Column): RelativeFit {
  const weighted = columns.map((column) => scaled(column.map((amount, index) => amount / (values[index] ?? 1))));
  const { weights, stdErrorMatrix, stdError } = new MultivariateLinearRegression(
    rowsOf(weighted.map((column) => column.values)),
    values.map(() => [1]),
    { intercept: false },
  );
  const scales = weighted.map(({ scale }) => scale);
  return {
    weights: scales.map((scale, index) => (weights[index]?.[0] ?? 0) / scale),
    covariance: scales.map((a, row) => scales.map((b, column) => stdErrorMatrix.get(row, column) / (a * b))),
    typicalMiss: stdError,
  };
}

/** µs of CPU a second for these amounts. */
export function predictCpu(terms: CostFit['terms'], amounts: CostObservation['amounts']): number {
  return COST_TERMS.reduce((sum, term) => sum + (terms[term]?.us ?? 0) * amounts[term], 0);
}

/** Which terms these observations can tell apart, each from those before it; and why not the others. */
export function separable(observations: readonly CostObservation[]): {
  kept: CostTerm[];
  left: Partial<Record<CostTerm, string>>;
} {
  const columnOf = (term: CostTerm) => weightedColumn(observations, term);
  const kept: CostTerm[] = [];
  const left: Partial<Record<CostTerm, string>> = {};
  for (const term of COST_TERMS) {
    const column = columnOf(term);
    if (column.every((value) => value === 0)) left[term] = `there was no ${term}`;
    else if (kept.length >= observations.length || ownShare(column, kept.map(columnOf)) < LEAST_OWN_SHARE) {
      const alone = kept.filter((name) => ownShare(column, [columnOf(name)]) < LEAST_OWN_SHARE);
      const others = (alone.length > 0 ? alone : kept).map((name) => PLURALS[name]);
      left[term] = `moved in step with ${listed(others)}: its cost is in theirs`;
    } else kept.push(term);
  }
  return { kept, left };
}

function weightedColumn(observations: readonly CostObservation[], term: CostTerm): Column {
  return observations.map(({ amounts, cpuUsPerSecond }) => amounts[term] / cpuUsPerSecond);
}

const PLURALS: Readonly<Record<CostTerm, string>> = {
  client: 'clients',
  publish: 'publishes',
  delivery: 'deliveries',
  poll: 'polls',
};

/** Share of a column's squares that is left once the others have explained what they can; 1 where there are none. */
function ownShare(column: Column, others: readonly Column[]): number {
  if (others.length === 0) return 1;
  const { values } = scaled(column);
  const x = rowsOf(others.map((other) => scaled(other).values));
  const model = new MultivariateLinearRegression(
    x,
    values.map((value) => [value]),
    { intercept: false, statistics: false },
  );
  const rest = x.map((row, index) => (values[index] ?? 0) - (model.predict(row)[0] ?? 0));
  return squares(rest) / squares(values);
}

/** With a root mean square of 1, so that no column is lost in the rounding of another. */
function scaled(column: Column): { values: Column; scale: number } {
  const scale = Math.sqrt(squares(column) / column.length) || 1;
  return { values: column.map((value) => value / scale), scale };
}

function squares(values: Column): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}

function rowsOf(columns: readonly Column[]): number[][] {
  return (columns[0] ?? []).map((_, row) => columns.map((column) => column[row] ?? 0));
}

/**
 * How far a model is from what it was fitted to, repeats of a point averaged; `least`: a miss of less says nothing
 * against it, however large its share.
 */
export function missesOf(
  measured: readonly { readonly point: string; readonly value: number }[],
  predicted: readonly number[],
  least: number,
): Pick<CostFit, 'largestMiss' | 'linear'> {
  const sums = new Map<string, { measured: number; predicted: number; count: number }>();
  for (const [index, { point, value }] of measured.entries()) {
    const sum = sums.get(point) ?? { measured: 0, predicted: 0, count: 0 };
    sums.set(point, {
      measured: sum.measured + value,
      predicted: sum.predicted + (predicted[index] ?? 0),
      count: sum.count + 1,
    });
  }
  let largestMiss = { point: '', share: 0 };
  let linear = true;
  for (const [point, sum] of sums) {
    const miss = Math.abs(sum.predicted - sum.measured) / sum.count;
    const share = Math.abs(sum.predicted / sum.measured - 1);
    if (share >= largestMiss.share) largestMiss = { point, share };
    if (share > LINEARITY.share && miss > least) linear = false;
  }
  return { largestMiss, linear };
}

export interface Slope {
  readonly perClient: number;
  readonly standardError: number;
}

/** Client counts below which a slope is not told from a bend or from noise. */
export const LEAST_CLIENT_COUNTS = 3;

/**
 * What grows with every client, apart from what the first one costs, by ordinary least squares.
 *
 * @returns the reason where there is no slope to be had.
 */
export function slopeOverClients(points: readonly { clients: number; grown: number }[]): Slope | string {
  const counts = new Set(points.map(({ clients }) => clients)).size;
  if (counts < LEAST_CLIENT_COUNTS) {
    return `a slope takes ${LEAST_CLIENT_COUNTS} different numbers of clients, there are ${counts}`;
  }
  const { weights, stdErrors } = new MultivariateLinearRegression(
    points.map(({ clients }) => [clients]),
    points.map(({ grown }) => [grown]),
  );
  return { perClient: weights[0]?.[0] ?? 0, standardError: stdErrors[0] ?? 0 };
}
