import { median } from 'simple-statistics';

/** Fewest messages in a window for which it is asked whether it was steady. */
export const MIN_POINTS = 100;

/** Messages whose mean is one value of the series: what makes MSER into MSER-5. */
const BATCH = 5;

/** Batches that are always left: the mean of fewer says nothing. */
const MIN_BATCHES_LEFT = 5;

/**
 * How far the medians of the window's halves must be apart to be called a drift: 25 %. MSER alone takes a single stall
 * in the second half for the end of a warm-up.
 */
export const DRIFT = 0.25;

export interface SteadyState {
  readonly points: number;
  /** Share of the window, from its start, that MSER-5 would leave out as warm-up. */
  readonly transientShare: number;
  /** Median of the second half over that of the first. */
  readonly drift: number;
  /** `false`: more than half of the window would be left out, and its halves differ by more than `DRIFT`. */
  readonly reached: boolean;
}

/**
 * Whether a series was steady, by MSER-5 (White 1997; White, Cobb and Spratt 2000): the means of five each are cut where
 * the standard error of the mean of the rest is smallest; a cut in the second half says that there is no steady state.
 *
 * @param series latencies in the order in which their messages were due
 * @returns `null` below `MIN_POINTS` values
 */
export function steadyStateOf(series: readonly number[]): SteadyState | null {
  if (series.length < MIN_POINTS) return null;
  const means = batchMeans(series);
  const transientShare = cutOf(means) / means.length;
  const middle = series.length >> 1;
  const drift = median(series.slice(middle)) / Math.max(1, median(series.slice(0, middle)));
  const drifted = drift > 1 + DRIFT || drift < 1 / (1 + DRIFT);
  return { points: series.length, transientShare, drift, reached: !(transientShare > 0.5 && drifted) };
}

function batchMeans(series: readonly number[]): number[] {
  return Array.from({ length: Math.floor(series.length / BATCH) }, (_, batch) => {
    const from = batch * BATCH;
    return series.slice(from, from + BATCH).reduce((sum, value) => sum + value, 0) / BATCH;
  });
}

/** Values to leave out at the start, so that the squared standard error of the mean of the rest is smallest. */
function cutOf(values: readonly number[]): number {
  let [best, cut, sum, squares] = [Number.POSITIVE_INFINITY, 0, 0, 0];
  for (let from = values.length - 1; from >= 0; from--) {
    const value = values[from] ?? 0;
    sum += value;
    squares += value * value;
    const left = values.length - from;
    const statistic = (squares - (sum * sum) / left) / (left * left);
    if (left >= MIN_BATCHES_LEFT && statistic <= best) [best, cut] = [statistic, from];
  }
  return cut;
}
