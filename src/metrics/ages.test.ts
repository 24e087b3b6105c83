import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AgeTally } from './ages.js';
import { LatencyHistogram } from './histogram.js';

function tallyOf(pieces: readonly (readonly [fromUs: number, toUs: number])[]): AgeTally {
  const ages = new AgeTally();
  for (const [fromUs, toUs] of pieces) ages.add(fromUs, toUs);
  return ages;
}

function percentile(ages: AgeTally, at: number): number {
  const encoded = ages.encode();
  if (encoded === null) throw new Error('out of range');
  return LatencyHistogram.decode(encoded).percentile(at);
}

/** Time at or below an age: each piece passes through its ages once, at the pace of time. */
function timeBelow(pieces: readonly (readonly [number, number])[], ageUs: number): number {
  return pieces.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(to, ageUs) - from), 0);
}

describe('time spent at each age', () => {
  it('of one piece is even over it', () => {
    const ages = tallyOf([[5_000, 1_005_000]]);
    expect(ages.meanUs).toBe(505_000);
    expect(ages.totalUs).toBe(1_000_000);
    for (const at of [25, 50, 75, 99]) {
      const exactUs = 5_000 + at * 10_000;
      expect(Math.abs(percentile(ages, at) / exactUs - 1)).toBeLessThan(0.008);
    }
  });

  it('has a mean and percentiles that arithmetic gives, for any pieces', () => {
    const piece = fc
      .tuple(fc.double({ min: 0, max: 3e6, noNaN: true }), fc.double({ min: 2_000, max: 3e6, noNaN: true }))
      .map(([fromUs, lengthUs]) => [fromUs, fromUs + lengthUs] as const);
    fc.assert(
      fc.property(fc.array(piece, { minLength: 20, maxLength: 60 }), fc.integer({ min: 5, max: 99 }), (pieces, at) => {
        const ages = tallyOf(pieces);
        const totalUs = pieces.reduce((sum, [from, to]) => sum + to - from, 0);
        const areaUs2 = pieces.reduce((sum, [from, to]) => sum + (to ** 2 - from ** 2) / 2, 0);
        expect(ages.totalUs).toBeCloseTo(totalUs, 2);
        expect((ages.meanUs ?? 0) / (areaUs2 / totalUs)).toBeCloseTo(1, 9);
        // The true quantile lies in the bin that was named, whose width is 0.54 %; and a count is a ms.
        const named = percentile(ages, at);
        const share = at / 100;
        expect(timeBelow(pieces, named * 1.002)).toBeGreaterThanOrEqual(share * totalUs - 1_500);
        expect(timeBelow(pieces, named * 0.993)).toBeLessThanOrEqual(share * totalUs + 1_500);
      }),
    );
  });

  it('loses nothing of many stays that are shorter than a count', () => {
    const ages = tallyOf(Array.from({ length: 10_000 }, (_, index) => [500 + index, 600 + index] as const));
    expect(LatencyHistogram.decode(ages.encode() ?? '').count).toBe(1_000);
  });

  it('is nothing where there was none, and has no percentile beyond 60 s', () => {
    expect(tallyOf([]).meanUs).toBeNull();
    expect(tallyOf([[5, 5]]).totalUs).toBe(0);
    const long = tallyOf([[0, 70_000_000]]);
    expect(long.meanUs).toBe(35_000_000);
    expect(long.encode()).toBeNull();
  });

  it('takes what seems to come from the future, as clocks may be off by a little', () => {
    const ages = tallyOf([[-3, 1_997]]);
    expect(ages.meanUs).toBe(997);
    expect(LatencyHistogram.decode(ages.encode() ?? '').count).toBe(2);
  });
});
