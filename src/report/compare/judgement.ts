import { median } from 'simple-statistics';
import { LatencyHistogram } from '../../metrics/histogram.js';
import { bootstrapRatioInterval } from '../bootstrap.js';
import { MIN_RATIO_EFFECT } from '../comparison.js';
import { reasonFor } from '../not-measured.js';
import { PooledRounds } from '../pooled-rounds.js';
import type { CompletedRow } from '../schema.js';
import { completedRuns, MIN_ROUNDS_FOR_INTERVAL, type RunFigure } from '../statistics.js';
import type { ComparedFigure } from './figures.js';
import type { Compared, ComparedVerdict } from './schema.js';

export type Measured = Pick<Compared, 'base' | 'head' | 'ratio' | 'interval' | 'verdict' | 'reason'>;

/** What is counted has changed from 1 % on. */
export const MIN_COUNTED_EFFECT = 0.01;

/**
 * Head against base in one figure. A timed one has changed when the interval of its ratio leaves out 1 and the ratio is
 * beyond `MIN_RATIO_EFFECT`, which takes 6 rounds on either side; a counted one when all rounds of one are above all of
 * the other and the ratio is beyond `MIN_COUNTED_EFFECT`; a promised one when it is not the same.
 */
export function judged(base: CompletedRow, head: CompletedRow, figure: ComparedFigure): Measured {
  switch (figure.kind) {
    case 'percentile':
      return ofPercentile(base, head, figure.percentile);
    case 'sampled':
    case 'counted': {
      const [before, after] = [valuesOf(base, figure.ofRun), valuesOf(head, figure.ofRun)];
      if (before.length === 0 || after.length === 0) {
        return missing(middle(before), middle(after), whyNull(base, head, figure.path));
      }
      return figure.kind === 'sampled' ? ofSampled(before, after) : ofCounted(before, after);
    }
    case 'promised': {
      const [before, after] = [figure.ofRow(base), figure.ofRow(head)];
      if (before === null || after === null) return missing(before, after, whyNull(base, head, figure.path));
      return ofPromised(before, after);
    }
  }
}

function ofPercentile(base: CompletedRow, head: CompletedRow, percentile: 50 | 99): Measured {
  const key = `p${percentile}` as const;
  const [before, after] = [base.latencyUs[key], head.latencyUs[key]];
  if (before === null || after === null) return missing(before, after, whyNull(base, head, `latencyUs.${key}`));
  const [ofBase, ofHead] = [histogramsOf(base), histogramsOf(head)];
  if (Math.min(ofBase.length, ofHead.length) < MIN_ROUNDS_FOR_INTERVAL) return tooFew(before, after);
  const [basePool, headPool] = [new PooledRounds(ofBase), new PooledRounds(ofHead)];
  return timed(
    before,
    after,
    bootstrapRatioInterval(
      { rounds: ofBase.length, figureOf: (times) => basePool.percentile(percentile, times) },
      { rounds: ofHead.length, figureOf: (times) => headPool.percentile(percentile, times) },
    ),
  );
}

function ofSampled(base: readonly number[], head: readonly number[]): Measured {
  const [before, after] = [median([...base]), median([...head])];
  if (Math.min(base.length, head.length) < MIN_ROUNDS_FOR_INTERVAL) return tooFew(before, after);
  if (before <= 0)
    return {
      base: before,
      head: after,
      ratio: null,
      interval: null,
      verdict: 'no difference',
      reason: 'base is not above 0, so that there is no ratio',
    };
  return timed(before, after, bootstrapRatioInterval(medianOf(base), medianOf(head)));
}

function ofCounted(base: readonly number[], head: readonly number[]): Measured {
  const [before, after] = [median([...base]), median([...head])];
  const apart = Math.min(...head) > Math.max(...base) || Math.max(...head) < Math.min(...base);
  const ratio = before > 0 ? after / before : null;
  const changed = apart && (ratio === null || Math.abs(ratio - 1) > MIN_COUNTED_EFFECT);
  return {
    base: before,
    head: after,
    ratio,
    interval: null,
    verdict: verdictOf(changed, after > before),
    reason: null,
  };
}

function ofPromised(before: number, after: number): Measured {
  const ratio = before > 0 ? after / before : null;
  const verdict = verdictOf(before !== after, after > before);
  return { base: before, head: after, ratio, interval: null, verdict, reason: null };
}

function timed(base: number, head: number, interval: { readonly low: number; readonly high: number }): Measured {
  const ratio = head / base;
  const changed = (interval.low > 1 || interval.high < 1) && Math.abs(Math.log(ratio)) > Math.log(1 + MIN_RATIO_EFFECT);
  return { base, head, ratio, interval: { ...interval }, verdict: verdictOf(changed, ratio > 1), reason: null };
}

function verdictOf(changed: boolean, more: boolean): ComparedVerdict {
  if (!changed) return 'no difference';
  return more ? 'worse' : 'better';
}

function tooFew(base: number, head: number): Measured {
  return {
    ...{ base, head, interval: null, verdict: 'too few rounds' },
    ratio: base > 0 ? head / base : null,
    reason: `a verdict takes ${MIN_ROUNDS_FOR_INTERVAL} rounds on either side: run both with --rounds ${MIN_ROUNDS_FOR_INTERVAL} or more`,
  };
}

function middle(values: readonly number[]): number | null {
  return values.length === 0 ? null : median([...values]);
}

function whyNull(base: CompletedRow, head: CompletedRow, path: string): string {
  const reasons = { base: reasonFor(base.notMeasured, path), head: reasonFor(head.notMeasured, path) };
  return Object.entries(reasons)
    .flatMap(([side, reason]) => (reason === undefined ? [] : [`${side}: ${reason}`]))
    .join('; ');
}

function missing(base: number | null, head: number | null, reason: string): Measured {
  return { base, head, ratio: null, interval: null, verdict: 'not measured', reason };
}

function valuesOf(row: CompletedRow, figure: RunFigure): number[] {
  return completedRuns(row).flatMap((run) => figure(run) ?? []);
}

function histogramsOf(row: CompletedRow): LatencyHistogram[] {
  return completedRuns(row).flatMap(({ latencyUs }) =>
    latencyUs.histogram === null ? [] : [LatencyHistogram.decode(latencyUs.histogram)],
  );
}

/** The median of values of which each counts as often as is said. */
function medianOf(values: readonly number[]) {
  return {
    rounds: values.length,
    figureOf: (times: Uint16Array) =>
      median(values.flatMap((value, index) => new Array<number>(times[index] ?? 0).fill(value))),
  };
}
