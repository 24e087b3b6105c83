import fc from 'fast-check';
import { xoroshiro128plus } from 'pure-rand';
import { describe, expect, it } from 'vitest';
import { LatencyHistogram, MAX_VALUE_US, OUTLINE_PARTS } from './histogram.js';
import vector from './histogram-vector.json' with { type: 'json' };

/** Of the numbers that the vector is made of, by pure-rand. */
const VECTOR_SEED = -1_893_660_866;
const PERCENTILES = [0.1, 1, 10, 25, 50, 75, 90, 95, 99, 99.9, 100];

const inRangeUs = fc.oneof(
  fc.integer({ min: 0, max: MAX_VALUE_US }),
  fc.integer({ min: 0, max: 3_000 }),
  fc.double({ min: 0, max: MAX_VALUE_US, noNaN: true }),
);

function histogramOf(values: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const us of values) histogram.record(us);
  return histogram;
}

function figuresOf(histogram: LatencyHistogram) {
  return {
    count: histogram.count,
    min: histogram.min,
    p50: histogram.percentile(50),
    p90: histogram.percentile(90),
    p99: histogram.percentile(99),
    p999: histogram.percentile(99.9),
    max: histogram.max,
    mean: histogram.mean,
  };
}

/** Java printed the mean with six digits. */
function asPrinted(figures: typeof vector.encodedHere.figures) {
  return { ...figures, mean: expect.closeTo(figures.mean, 5) };
}

describe('percentiles', () => {
  it('are those of the sorted values to 3 significant digits, never below them', () => {
    fc.assert(
      fc.property(fc.array(inRangeUs, { minLength: 1, maxLength: 300 }), (values) => {
        const histogram = histogramOf(values);
        const sorted = values.map(Math.round).sort((a, b) => a - b);
        for (const percentile of PERCENTILES) {
          const rank = Math.max(1, Math.ceil((percentile * sorted.length) / 100 - 1e-9));
          const exact = sorted[rank - 1] ?? Number.NaN;
          const read = histogram.percentile(percentile);
          expect(read).toBeGreaterThanOrEqual(exact);
          expect(read).toBeLessThanOrEqual(exact * 1.001 + 0.5);
        }
      }),
    );
  });

  it('lie between min and max, before and after encoding', () => {
    fc.assert(
      fc.property(fc.array(inRangeUs, { minLength: 1, maxLength: 50 }), (values) => {
        const fresh = histogramOf(values);
        for (const histogram of [fresh, LatencyHistogram.decode(fresh.encode())]) {
          for (const percentile of PERCENTILES) {
            expect(histogram.percentile(percentile)).toBeLessThanOrEqual(histogram.max);
            expect(histogram.percentile(percentile)).toBeGreaterThanOrEqual(histogram.min);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it('and the mean are right for a table of known values', () => {
    const histogram = histogramOf(Array.from({ length: 1_000 }, (_, index) => index + 1));
    expect([50, 90, 99, 99.9, 100].map((percentile) => histogram.percentile(percentile))).toEqual([
      500, 900, 990, 999, 1_000,
    ]);
    expect(histogram).toMatchObject({ count: 1_000, min: 1, max: 1_000, mean: 500.5 });
  });
});

describe('what is recorded', () => {
  it.each([
    [0, 0],
    [0.4, 0],
    [-0.4, 0],
    [0.5, 1],
    [1.49, 1],
    [1_999.5, 2_000],
  ])('rounds %d to %d', (us, rounded) => {
    const histogram = histogramOf([us]);
    expect(histogram).toMatchObject({ count: 1, negative: 0, outOfRange: 0 });
    expect(histogram.min).toBe(rounded);
    expect(histogram.max).toBe(rounded);
  });

  it('takes the whole range and counts what is outside of it apart', () => {
    const histogram = histogramOf([-1, -0.6, 0, 1, MAX_VALUE_US, MAX_VALUE_US + 1, Number.POSITIVE_INFINITY]);
    expect(histogram).toMatchObject({ count: 3, negative: 2, outOfRange: 2 });
  });

  it('counts what is no number instead of spoiling the rest', () => {
    const histogram = histogramOf([Number.NaN, 5]);
    expect(histogram).toMatchObject({ count: 1, negative: 0, outOfRange: 1, min: 5, max: 5 });
    expect(histogram.percentile(100)).toBe(5);
  });

  it('is nothing in a new one', () => {
    for (const histogram of [new LatencyHistogram(), LatencyHistogram.decode(new LatencyHistogram().encode())]) {
      expect(histogram).toMatchObject({ count: 0, negative: 0, outOfRange: 0, min: 0, max: 0, mean: 0 });
      expect(histogram.percentile(99)).toBe(0);
    }
  });
});

describe('add', () => {
  const offeredUs = fc.oneof(inRangeUs, fc.integer({ min: -10, max: -1 }), fc.constant(MAX_VALUE_US + 1));
  const parts = fc.array(fc.array(offeredUs, { maxLength: 40 }), { minLength: 3, maxLength: 3 });

  function sumOf(histograms: readonly LatencyHistogram[]): LatencyHistogram {
    const sum = new LatencyHistogram();
    for (const histogram of histograms) sum.add(histogram);
    return sum;
  }

  it('is the histogram of the union, however it is bracketed', () => {
    fc.assert(
      fc.property(parts, ([a = [], b = [], c = []]) => {
        const union = histogramOf([...a, ...b, ...c]);
        const leftFirst = sumOf([sumOf([histogramOf(a), histogramOf(b)]), histogramOf(c)]);
        const rightFirst = sumOf([histogramOf(a), sumOf([histogramOf(b), histogramOf(c)])]);
        for (const sum of [leftFirst, rightFirst]) {
          expect(sum.encode()).toBe(union.encode());
          expect(figuresOf(sum)).toEqual(figuresOf(union));
          expect([sum.negative, sum.outOfRange]).toEqual([union.negative, union.outOfRange]);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('takes what was encoded in another process', () => {
    fc.assert(
      fc.property(fc.array(inRangeUs), fc.array(inRangeUs), (here, there) => {
        const sum = histogramOf(here);
        sum.add(LatencyHistogram.decode(histogramOf(there).encode()));
        expect(sum.encode()).toBe(histogramOf([...here, ...there]).encode());
      }),
      { numRuns: 30 },
    );
  });
});

describe('encoding', () => {
  it('keeps every figure', () => {
    fc.assert(
      fc.property(fc.array(inRangeUs, { maxLength: 200 }), (values) => {
        const histogram = histogramOf(values);
        expect(figuresOf(LatencyHistogram.decode(histogram.encode()))).toEqual(figuresOf(histogram));
      }),
      { numRuns: 50 },
    );
  });

  it('refuses what is no histogram', () => {
    expect(() => LatencyHistogram.decode('not a histogram')).toThrow();
  });

  it('means the same to HdrHistogram for Java', () => {
    const generator = xoroshiro128plus(VECTOR_SEED);
    const draw = () => (generator.unsafeNext() >>> 0) / 0x1_0000_0000;
    const made = histogramOf(Array.from({ length: 10_000 }, () => 50 * 100_000 ** draw()));
    const { histogram, figures } = vector.encodedHere;
    expect(figuresOf(made)).toEqual(asPrinted(figures));
    expect(figuresOf(LatencyHistogram.decode(histogram))).toEqual(asPrinted(figures));
  });

  it('reads what HdrHistogram for Java wrote', () => {
    const { histogram, figures } = vector.encodedByJava;
    const decoded = LatencyHistogram.decode(histogram);
    expect(figuresOf(decoded)).toEqual(asPrinted(figures));
    const merged = new LatencyHistogram();
    merged.add(decoded);
    expect(figuresOf(merged)).toEqual(asPrinted(figures));
  });
});

describe('an outline', () => {
  it('of nothing is none', () => {
    expect(new LatencyHistogram().outline()).toBeNull();
  });

  it('has every value in one of its parts, and the percentiles of the histogram', () => {
    fc.assert(
      fc.property(fc.array(inRangeUs, { minLength: 1 }), (values) => {
        const histogram = histogramOf(values);
        const outline = histogram.outline();
        expect(outline?.counts).toHaveLength(OUTLINE_PARTS);
        expect(outline?.counts.reduce((sum, times) => sum + times, 0)).toBe(values.length);
        const { min, p50, p90, p99, max } = figuresOf(histogram);
        expect(outline).toMatchObject({ minUs: min, p50Us: p50, p90Us: p90, p99Us: p99, maxUs: max });
      }),
    );
  });

  it('has values where they are on a logarithmic scale', () => {
    const counts = histogramOf([100, 100, 1_000, 10_000]).outline()?.counts ?? [];
    expect(counts.flatMap((times, part) => (times > 0 ? [[part, times]] : []))).toEqual([
      [0, 2],
      [OUTLINE_PARTS / 2, 1],
      [OUTLINE_PARTS - 1, 1],
    ]);
  });
});
