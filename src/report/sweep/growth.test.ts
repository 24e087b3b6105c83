import fc from 'fast-check';
import { expect, it } from 'vitest';
import { randomStream } from '../../random.js';
import { growthOf } from './growth.js';

it('finds the exponent that made the figures', () => {
  fc.assert(
    fc.property(fc.double({ min: -2, max: 3, noNaN: true }), fc.double({ min: 0.1, max: 1e4, noNaN: true }), (e, k) => {
      const growth = growthOf([10, 20, 40, 80].map((value) => ({ value, figure: k * value ** e })));
      if (typeof growth === 'string') throw new Error(growth);
      expect(growth.exponent).toBeCloseTo(e, 6);
      expect(growth.standardError).toBeLessThan(1e-6);
    }),
  );
});

it('gives errors that cover the truth as often as they should', () => {
  const draw = randomStream(3, 'noise');
  const normal = () => Array.from({ length: 12 }, draw).reduce((sum, value) => sum + value, -6);
  const values = [25, 50, 100, 200, 400, 25, 50, 100, 200, 400];
  let covered = 0;
  for (let trial = 0; trial < 300; trial++) {
    const growth = growthOf(values.map((value) => ({ value, figure: value * Math.exp(0.1 * normal()) })));
    if (typeof growth !== 'string' && Math.abs(growth.exponent - 1) < 2 * growth.standardError) covered++;
  }
  // 92 % with 8 degrees of freedom.
  expect(covered).toBeGreaterThan(300 * 0.86);
  expect(covered).toBeLessThan(300 * 0.98);
});

it('takes three values with a figure', () => {
  expect(growthOf([1, 2, 3].map((value) => ({ value, figure: value < 3 ? value : null })))).toMatch(/there are 2/);
});
