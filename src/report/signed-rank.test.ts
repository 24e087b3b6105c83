import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pAbove, signedRank, smallestP } from './signed-rank.js';

/** By trying every assignment of signs. */
function pByEnumeration(differences: readonly number[]): number {
  const sizes = differences.filter((value) => value !== 0).map(Math.abs);
  const rank = (size: number) =>
    sizes.filter((other) => other < size).length + (sizes.filter((other) => other === size).length + 1) / 2;
  const ranks = sizes.map(rank);
  const total = ranks.reduce((sum, value) => sum + value, 0);
  const positive = differences.filter((value) => value > 0).reduce((sum, value) => sum + rank(value), 0);
  const observed = Math.abs(positive - total / 2);
  let asExtreme = 0;
  for (let signs = 0; signs < 2 ** ranks.length; signs++) {
    const sum = ranks.reduce((all, value, index) => ((signs >> index) & 1 ? all + value : all), 0);
    if (Math.abs(sum - total / 2) >= observed) asExtreme++;
  }
  return asExtreme / 2 ** ranks.length;
}

describe('p', () => {
  it('is the share of all assignments of signs that are as extreme, with ties and zeros', () => {
    const differences = fc.array(fc.integer({ min: -6, max: 6 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(differences, (values) => {
        expect(signedRank(values).p).toBeCloseTo(Math.min(1, pByEnumeration(values)), 12);
      }),
    );
  });

  it('is that of the published example (Hollander and Wolfe 1973, p. 29: one-sided 0.0195)', () => {
    const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
    const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
    const { p, estimate } = signedRank(before.map((value, index) => value - (after[index] ?? 0)));
    expect(p).toBeCloseTo(0.0390625, 6);
    expect(estimate).toBeCloseTo(0.46, 2);
  });

  it('is smallest where all have one sign', () => {
    expect(signedRank([1, 2, 3, 4, 5, 6]).p).toBe(smallestP(6));
    expect(smallestP(6)).toBe(1 / 32);
  });

  it('goes over into the normal approximation without a jump', () => {
    const values = (count: number) => Array.from({ length: count }, (_, index) => Math.sin(index * 7.1) + 0.25);
    const exact = signedRank(values(50)).p;
    const approximate = signedRank(values(51)).p;
    expect(Math.abs(Math.log(approximate / exact))).toBeLessThan(0.5);
  });

  it('is 1 where nothing differs', () => {
    expect(signedRank([0, 0, 0])).toMatchObject({ p: 1, estimate: 0 });
  });
});

describe('one-sided p', () => {
  it('is that of the published example (Hollander and Wolfe 1973, p. 29: 0.0195), and 1/64 at best of 6', () => {
    const differences = [0.952, -0.147, 1.022, 0.43, 0.62, 0.59, 0.49, -0.08, 0.01];
    expect(pAbove(differences)).toBeCloseTo(0.01953125, 8);
    expect(pAbove([1, 2, 3, 4, 5, 6])).toBe(1 / 64);
    expect(pAbove([0, 0])).toBe(1);
  });

  it('is half of the two-sided one on the side of the differences, and more than half of it on the other', () => {
    const values = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(values, (differences) => {
        const [above, below] = [pAbove(differences), pAbove(differences.map((value) => -value))];
        expect(Math.min(1, 2 * Math.min(above, below))).toBeCloseTo(signedRank(differences).p, 12);
        expect(above + below).toBeGreaterThanOrEqual(1 - 1e-12);
      }),
    );
  });
});

describe('the interval', () => {
  it('is the range of the averages at 6 pairs, and there is none below', () => {
    expect(signedRank([6, 1, 4, 2, 5, 3]).interval).toEqual({ low: 1, high: 6 });
    expect(signedRank([1, 2, 3, 4, 5]).interval).toBeNull();
  });

  it('leaves out 0 where the test finds a difference, and only there', () => {
    const differences = fc.array(
      // Whole thousandths: the sum of two that differ by less than a float tells has no sign.
      fc.integer({ min: -1_000, max: 3_000 }).map((thousandths) => thousandths / 1_000),
      { minLength: 6, maxLength: 20 },
    );
    fc.assert(
      fc.property(differences, (values) => {
        fc.pre(new Set(values.map(Math.abs)).size === values.length && !values.includes(0));
        const { p, interval, estimate } = signedRank(values);
        expect(interval).not.toBeNull();
        if (interval === null) return;
        expect(estimate).toBeGreaterThanOrEqual(interval.low);
        expect(estimate).toBeLessThanOrEqual(interval.high);
        expect(interval.low > 0 || interval.high < 0).toBe(p <= 0.05);
      }),
    );
  });
});
