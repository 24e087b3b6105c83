// @ts-check
import { describe, expect, it } from 'vitest';
import { NAIVE_GATES, pGreater } from './naive.js';
import { pairsOf, proofOf } from './testing.js';

/**
 * @param {string} title
 * @param {readonly (readonly [number, number])[]} values of base and head
 * @param {readonly (readonly [number, number])[]} first of the first gate
 */
function finds(title, values, first = values) {
  const gate = NAIVE_GATES.find((each) => each.title === title);
  return gate?.finds(proofOf(pairsOf('cpu', values)), proofOf(pairsOf('cpu', first)));
}

it('Mann and Whitney’s p is that of their test', () => {
  // U is 19 of 25: z = (19 − 12.5 − 0.5) / √(25 · 11 / 12) = 1.25.
  expect(pGreater([5, 6, 7, 8, 9], [1, 2, 3, 6.5, 8.5])).toBeCloseTo(0.1056, 3);
  expect(pGreater([1, 1, 1], [1, 1, 1])).toBe(1);
  // Five are 2 and two are 3: U is 13, z = (13 − 8 − 0.5) / √(16 / 12 · (9 − 126 / 56)) = 1.5.
  expect(pGreater([2, 2, 3, 3], [1, 2, 2, 2])).toBeCloseTo(0.0668, 4);
});

describe('one run against a stored baseline', () => {
  const title = 'one run, stored baseline, 10 %';

  it.each([
    [1.11, true],
    [1.09, false],
    [0.8, false],
  ])('is of the first run of each, %d times as much', (ratio, found) => {
    const later = /** @type {const} */ ([1, 9]);
    expect(finds(title, [[5, ratio], later], [[1, 5], later])).toBe(found);
  });
});

describe('runs of base before those of head', () => {
  const title = 'Mann–Whitney, base first';
  const drifting = Array.from({ length: 20 }, (_, at) => /** @type {const} */ ([100 + at, 100 + at]));

  it('take a drift for a regression, and runs side by side do not', () => {
    expect(finds(title, drifting)).toBe(true);
    expect(finds('Mann–Whitney, same runs', drifting)).toBe(false);
    expect(finds(title, drifting.toReversed())).toBe(false);
  });
});

it('a pair that is not used is in none of them', () => {
  const proof = proofOf(
    pairsOf('cpu', [
      [1, 9],
      [1, 1],
    ]),
  );
  const [disturbed, good] = proof.pairs;
  if (!disturbed || !good) throw new Error('there are two');
  const pairs = [{ ...disturbed, discarded: 'base is invalid' }, good];
  for (const gate of NAIVE_GATES) expect(gate.finds({ ...proof, pairs }, { ...proof, pairs })).toBe(false);
});
