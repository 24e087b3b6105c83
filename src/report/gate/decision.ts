import { median } from 'simple-statistics';
import { holm } from '../comparison.js';
import { pAbove, type SignedRank, signedRank } from '../signed-rank.js';
import { counted } from '../wording.js';
import type { Look } from './looks.js';
import { noiseOfPairs, pairsToDecide, spreadOfPairs } from './precision.js';
import type { GateFigureResult, GateVerdict } from './schema.js';

/** A figure in all pairs so far. */
export interface Evidence {
  /** As a share. */
  readonly threshold: number;
  /** What an A/A run on this machine says of log ratios within pairs (`spreadOfPairs`); `null`: nothing is known. */
  readonly knownSpread: number | null;
  /** Both above 0, in the order measured. */
  readonly values: readonly { readonly base: number; readonly head: number }[];
}

export type Judged = Pick<
  GateFigureResult,
  'noiseFloor' | 'baseValue' | 'headValue' | 'ratio' | 'interval' | 'p' | 'verdict' | 'reason' | 'morePairs'
>;

/**
 * What a look says of each figure.
 *
 * `regression`: the signed-rank test of D = ln(head/base) within pairs, one-sided, is below the look's alpha after Holm,
 * and the Hodges–Lehmann ratio is beyond threshold and noise floor. `pass`: the same test, of D − ln(1 + threshold)
 * against the other side, is below the look's alpha, so that a regression of the threshold is excluded; without
 * correction, because a gate passes only when every figure does. Else `inconclusive`.
 */
export function judgeLook(family: readonly Evidence[], look: Look): Judged[] {
  const logRatios = family.map(({ values }) => values.map(({ base, head }) => Math.log(head / base)));
  // A figure without pairs stays in the family: what it was tested with is decided before anything is seen.
  const ps = holm(logRatios.map((differences) => (differences.length === 0 ? 1 : pAbove(differences))));
  return family.map((evidence, index) => {
    const differences = logRatios[index] ?? [];
    if (differences.length === 0) return NOT_MEASURED;
    return judge({ ...evidence, differences, p: ps[index] ?? 1, test: signedRank(differences), family }, look);
  });
}

/** `regression` where a figure says so, `pass` where all say that. */
export function verdictOfAll(figures: readonly Pick<Judged, 'verdict'>[]): GateVerdict {
  if (figures.some(({ verdict }) => verdict === 'regression')) return 'regression';
  return figures.every(({ verdict }) => verdict === 'pass') ? 'pass' : 'inconclusive';
}

const NOT_MEASURED: Judged = {
  ...{ noiseFloor: null, baseValue: null, headValue: null, ratio: null, interval: null, p: null, morePairs: null },
  verdict: 'inconclusive',
  reason: 'it was not measured: leave it out with --figures',
};

interface Case extends Evidence {
  readonly differences: readonly number[];
  readonly p: number;
  readonly test: SignedRank;
  readonly family: readonly Evidence[];
}

function judge(one: Case, look: Look): Judged {
  const { values, test, p } = one;
  const { interval, estimate } = test;
  const noiseFloor = noiseFloorOf(one);
  return {
    noiseFloor,
    baseValue: median(values.map(({ base }) => base)),
    headValue: median(values.map(({ head }) => head)),
    ratio: Math.exp(estimate),
    interval: interval && { low: Math.exp(interval.low), high: Math.exp(interval.high) },
    p,
    ...said(one, look, noiseFloor ?? 0),
  };
}

/** What chance alone comes to with so many pairs: by an A/A run where there was one, and by these pairs themselves. */
function noiseFloorOf({ differences, knownSpread, test: { interval } }: Case): number | null {
  const known = knownSpread === null ? null : noiseOfPairs(differences.length, knownSpread);
  const own = interval === null ? null : Math.expm1((interval.high - interval.low) / 2);
  return known === null && own === null ? null : Math.max(known ?? 0, own ?? 0);
}

function said(one: Case, look: Look, noiseFloor: number): Pick<Judged, 'verdict' | 'reason' | 'morePairs'> {
  const { differences, threshold, p, test } = one;
  const limit = Math.log1p(threshold);
  const more = percent(Math.expm1(test.estimate));
  const limits = `the threshold of ${percent(threshold)}`;
  const isTold = p < look.alpha;
  if (isTold && test.estimate > Math.max(limit, Math.log1p(noiseFloor))) {
    return { verdict: 'regression', reason: `${more} more than base, beyond ${limits}`, morePairs: null };
  }
  if (pAbove(differences.map((difference) => limit - difference)) < look.alpha) {
    const reason = isTold ? `${more} more than base, within ${limits}` : `${limits} is excluded`;
    return { verdict: 'pass', reason, morePairs: null };
  }
  return { verdict: 'inconclusive', ...howMany(one, look) };
}

function howMany({ differences, threshold, test, family, knownSpread }: Case, look: Look) {
  const spread = Math.max(spreadOfPairs(differences) ?? 0, knownSpread ?? 0);
  const demand = { alpha: look.alpha / family.length, threshold };
  const needed = pairsToDecide(test.estimate, spread, demand);
  const noise = `pairs differ by ${percent(Math.expm1(spread))}`;
  if (needed === null) {
    return { reason: `${noise}, and the ratio is too near to the threshold of ${percent(threshold)}`, morePairs: null };
  }
  const morePairs = Math.max(1, needed - differences.length);
  return {
    reason: `${noise}: too much to tell ${percent(threshold)}; ${counted(morePairs, 'more pair')} might do`,
    morePairs,
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1).replace('-', '−')} %`;
}
