// @ts-check
import { describe, expect, it } from 'vitest';
import { lowerBound, upperBound } from './bounds.js';

describe('a bound of a share', () => {
  it.each([
    [0, 60, 1 - 0.05 ** (1 / 60)],
    [0, 20, 1 - 0.05 ** (1 / 20)],
    [1, 60, 0.0766],
    [3, 60, 0.1242],
    [60, 60, 1],
  ])('from above, of %i of %i', (count, of, share) => {
    expect(upperBound(count, of)).toBeCloseTo(share, 4);
    expect(lowerBound(of - count, of)).toBeCloseTo(1 - share, 4);
  });
});
