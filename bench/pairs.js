// @ts-check
import { median } from 'simple-statistics';
import { measure } from './trial.js';

/**
 * @typedef {import('./options.js').Options & { readonly pinned: boolean }} PairOptions
 */

/**
 * Two trials, one after the other. Costs are CPU µs for each delivered message or poll.
 *
 * @typedef {object} Pair
 * @property {Cost} generator
 * @property {Cost} rival
 * @property {number} ratio generator over rival
 */

/**
 * @typedef {object} Cost
 * @property {number} us
 * @property {number} perSecond deliveries or polls a second
 */

/**
 * Pairs of trials, the generator first in one and second in the next, so that a machine that slows down favours
 * neither. Both sides of a pair get the same messages at the same times.
 *
 * @param {import('./contests.js').Contest} contest
 * @param {PairOptions} options
 * @returns {Promise<readonly Pair[]>}
 */
export async function runPairs(contest, options) {
  const pairs = [];
  for (let index = 0; index < options.pairs; index++) {
    const generator = () => costOf(contest, contest.generator, index, options);
    const rival = () => costOf(contest, contest.rival, index, options);
    const pair = index % 2 === 0 ? await inOrder(generator, rival) : swap(await inOrder(rival, generator));
    const [ours, theirs] = pair;
    pairs.push({ generator: ours, rival: theirs, ratio: ours.us / theirs.us });
    console.log(
      `${contest.title} ${index + 1}/${options.pairs}: generator ${ours.us.toFixed(2)} µs, ` +
        `${contest.rival.title} ${theirs.us.toFixed(2)} µs a ${contest.unit}, ratio ${(ours.us / theirs.us).toFixed(3)}`,
    );
  }
  return pairs;
}

/** @param {readonly Pair[]} pairs */
export function summarize(pairs) {
  const ratios = pairs.map(({ ratio }) => ratio);
  return {
    generatorUs: median(pairs.map(({ generator }) => generator.us)),
    rivalUs: median(pairs.map(({ rival }) => rival.us)),
    generatorPerSecond: median(pairs.map(({ generator }) => generator.perSecond)),
    rivalPerSecond: median(pairs.map(({ rival }) => rival.perSecond)),
    ratio: { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) },
  };
}

/**
 * @param {import('./contests.js').Contest} contest
 * @param {import('./contests.js').Subject} subject
 * @param {number} index of the pair; seeds the schedule
 * @param {PairOptions} options
 * @returns {Promise<Cost>}
 */
async function costOf(contest, subject, index, options) {
  const outcome = await measure({ contest, subject, seed: 1 + index, ...options });
  const { cpuUs, deliveries, polls } = outcome;
  if (contest.unit === 'poll') return { us: cpuUs / polls, perSecond: polls / outcome.seconds };
  // Published in the window alone; the time that the last ones had to arrive is no part of the rate.
  return { us: cpuUs / deliveries, perSecond: deliveries / options.seconds };
}

/**
 * @template T
 * @param {() => Promise<T>} first
 * @param {() => Promise<T>} second
 * @returns {Promise<[T, T]>}
 */
async function inOrder(first, second) {
  return [await first(), await second()];
}

/**
 * @template T
 * @param {[T, T]} pair
 * @returns {[T, T]}
 */
function swap([first, second]) {
  return [second, first];
}
