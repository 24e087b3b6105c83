import { randomStream } from '../random.js';

/** Nominal coverage of an interval. With few rounds it covers less; docs/methodology.md says how much. */
export const INTERVAL_LEVEL = 0.95;

/** How often the rounds are drawn anew. Of so many values the endpoints are the 50th from either end. */
export const RESAMPLES = 2_000;

export interface Endpoints {
  readonly low: number;
  readonly high: number;
}

/**
 * Percentile bootstrap over whole rounds: as many rounds as there are, drawn with replacement `RESAMPLES` times, and the
 * figure of each draw. The endpoints are the values with (1 − `INTERVAL_LEVEL`) / 2 of all draws at or beyond them. A
 * pure function: the draws depend on the number of rounds only, so that all figures and rows see the same ones.
 *
 * @param figureOf the figure of the rounds where each counts as often as `times` says; the list is used again
 */
export function bootstrapInterval(rounds: number, figureOf: (times: Uint16Array) => number): Endpoints {
  return endpointsOf(resampled({ rounds, figureOf }, 'resampled rounds'));
}

/** Rounds of which some are drawn, and the figure of those. */
export interface Resampled {
  readonly rounds: number;
  readonly figureOf: (times: Uint16Array) => number;
}

/** The same of a ratio, head over base, whose two sides have rounds of their own that are drawn by themselves. */
export function bootstrapRatioInterval(base: Resampled, head: Resampled): Endpoints {
  const ofBase = resampled(base, 'resampled rounds of base');
  return endpointsOf(resampled(head, 'resampled rounds of head').map((value, index) => value / (ofBase[index] ?? 0)));
}

function resampled({ rounds, figureOf }: Resampled, stream: string): Float64Array {
  const draw = randomStream(rounds, stream);
  const times = new Uint16Array(rounds);
  return Float64Array.from({ length: RESAMPLES }, () => {
    times.fill(0);
    for (let drawn = 0; drawn < rounds; drawn++) {
      const round = Math.floor(draw() * rounds);
      times[round] = (times[round] ?? 0) + 1;
    }
    return figureOf(times);
  });
}

function endpointsOf(figures: Float64Array): Endpoints {
  figures.sort();
  const outside = Math.round((RESAMPLES * (1 - INTERVAL_LEVEL)) / 2);
  return { low: figures[outside - 1] ?? Number.NaN, high: figures[RESAMPLES - outside] ?? Number.NaN };
}

/** The interval of the median over rounds. */
export function medianInterval(values: readonly number[]): Endpoints {
  const sorted = [...values].sort((a, b) => a - b);
  return bootstrapInterval(sorted.length, (times) => (at(sorted, times, true) + at(sorted, times, false)) / 2);
}

/** The lower or the upper of the two in the middle of the values, each as often as `times` says; one for odd numbers. */
function at(sorted: readonly number[], times: Uint16Array, lower: boolean): number {
  const rank = lower ? Math.floor((sorted.length + 1) / 2) : Math.ceil((sorted.length + 1) / 2);
  let seen = 0;
  for (let index = 0; index < sorted.length; index++) {
    seen += times[index] ?? 0;
    if (seen >= rank) return sorted[index] ?? Number.NaN;
  }
  return Number.NaN;
}
