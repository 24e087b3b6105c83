// @ts-check
import { cumulativeStdNormalProbability, wilcoxonRankSum } from 'simple-statistics';

/** @typedef {import('./proofs.js').Proof} Proof */

/**
 * What a simpler gate would have said of what was measured: whether any figure is worse. It takes runs as they were
 * measured, in their order; nothing is drawn anew.
 *
 * @typedef {object} NaiveGate
 * @property {string} title
 * @property {(proof: Proof, first: Proof) => boolean} finds `first`: the first gate of its kind
 */

const STORED_THRESHOLD = 0.1;
const ALPHA = 0.05;

/** @type {readonly NaiveGate[]} */
export const NAIVE_GATES = [
  {
    title: 'one run, stored baseline, 10 %',
    finds: (proof, first) =>
      inAnyFigure(proof, (name) => {
        const [stored] = valuesOf(first, 'base', name);
        const [head] = valuesOf(proof, 'head', name);
        return stored !== undefined && head !== undefined && head > (1 + STORED_THRESHOLD) * stored;
      }),
  },
  {
    title: 'Mann–Whitney, base first',
    finds: (proof) =>
      inAnyFigure(proof, (name) => {
        const half = Math.floor(valuesOf(proof, 'base', name).length / 2);
        const base = valuesOf(proof, 'base', name).slice(0, half);
        const head = valuesOf(proof, 'head', name).slice(half);
        return base.length > 0 && pGreater(head, base) < ALPHA / proof.figures.length;
      }),
  },
  {
    title: 'Mann–Whitney, same runs',
    finds: (proof) =>
      inAnyFigure(proof, (name) => {
        const [base, head] = [valuesOf(proof, 'base', name), valuesOf(proof, 'head', name)];
        return base.length > 0 && pGreater(head, base) < ALPHA / proof.figures.length;
      }),
  },
];

/**
 * Mann and Whitney's test (1947) against "no greater than", one-sided, by the normal approximation with correction for
 * continuity and ties.
 *
 * @param {readonly number[]} values at least one
 * @param {readonly number[]} others at least one
 */
export function pGreater(values, others) {
  const [n, m] = [values.length, others.length];
  const u = wilcoxonRankSum([...values], [...others]) - (n * (n + 1)) / 2;
  const all = n + m;
  const ties = timesOfEach([...values, ...others]).reduce((sum, times) => sum + times ** 3 - times, 0);
  const variance = ((n * m) / 12) * (all + 1 - ties / (all * (all - 1)));
  return variance > 0 ? 1 - cumulativeStdNormalProbability((u - (n * m) / 2 - 0.5) / Math.sqrt(variance)) : 1;
}

/** @param {readonly number[]} values */
function timesOfEach(values) {
  const times = /** @type {Map<number, number>} */ (new Map());
  for (const value of values) times.set(value, (times.get(value) ?? 0) + 1);
  return [...times.values()];
}

/**
 * @param {Proof} proof
 * @param {(name: string) => boolean} isWorse
 */
function inAnyFigure({ figures }, isWorse) {
  return figures.some(({ name }) => isWorse(name));
}

/**
 * Of the pairs that are used and have the figure on both sides.
 *
 * @param {Proof} proof
 * @param {'base' | 'head'} side
 * @param {string} name
 */
function valuesOf({ pairs }, side, name) {
  const used = pairs.filter(
    ({ discarded, base, head }) => discarded === null && (base[name] ?? 0) > 0 && (head[name] ?? 0) > 0,
  );
  return used.map((pair) => pair[side][name] ?? 0);
}
