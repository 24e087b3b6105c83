import fc from 'fast-check';
import { expect, it } from 'vitest';
import { axis, bars, percentiles } from './histogram.js';

const outline = { minUs: 100, p50Us: 1_000, p90Us: 3_000, p99Us: 10_000, maxUs: 100_000, counts: [] };

it('bars are as high as their counts, and what is there at all is seen', () => {
  expect(bars([0, 1, 8, 16, 1_000], 2, 1)).toEqual(['    █', ' ▁▁▁█']);
  expect(bars([4, 8], 1, 3)).toEqual(['▄▄▄███']);
  expect(bars([0, 0], 1, 1)).toEqual(['  ']);
});

it('an axis has the percentiles where they are on the logarithmic scale', () => {
  expect(axis(outline, 30)).toBe('─────────p50──p90──p99────────');
});

it('of percentiles that would overlap it leaves the 90th out first', () => {
  expect(axis({ ...outline, p90Us: 1_100 }, 30)).toBe('─────────p50───────p99────────');
  expect(axis({ ...outline, p50Us: 100, p90Us: 100, p99Us: 100, maxUs: 100 }, 10)).toBe('p50───────');
});

it('an axis is as wide as it is told to be, whatever the values', () => {
  const us = fc.double({ min: 0.1, max: 60_000_000, noNaN: true });
  fc.assert(
    fc.property(fc.array(us, { minLength: 5, maxLength: 5 }), fc.integer({ min: 8, max: 72 }), (values, width) => {
      const [minUs = 1, p50Us = 1, p90Us = 1, p99Us = 1, maxUs = 1] = values.sort((a, b) => a - b);
      expect(axis({ minUs, p50Us, p90Us, p99Us, maxUs, counts: [] }, width)).toHaveLength(width);
    }),
  );
});

it('percentiles have their unit once', () => {
  expect(percentiles(outline)).toBe('p50 1.00 · p90 3.00 · p99 10.0 · max 100 ms');
});
