import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountOf, type Curve, costAt, fitCurve, valueWith } from './curve.js';

const VALUES = [25, 50, 100, 200, 400];
const of = (variable: 'clients' | 'interval', follows = true) => ({ variable, cost: 'serverCpu' as const, follows });

function fitted(cost: (value: number) => number, options = of('clients'), values = VALUES): Curve {
  const curve = fitCurve(
    values.map((value) => ({ value, cost: cost(value) })),
    options,
  );
  if (typeof curve === 'string') throw new Error(curve);
  return curve;
}

describe('fitCurve', () => {
  it('finds the line that made the figures', () => {
    const size = fc.double({ min: 1, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(size, size, (fixed, growing) => {
        const curve = fitted((clients) => fixed + growing * clients);
        for (const value of VALUES) expect(costAt(curve, value) / (fixed + growing * value)).toBeCloseTo(1, 6);
        expect(curve.linear).toBe(true);
      }),
    );
  });

  it('of an interval is a line over polls a second', () => {
    const curve = fitted((ms) => 5_000 + 60_000 / ms, of('interval'));
    expect(curve.fixed).toBeCloseTo(5_000, 3);
    expect(curve.growing).toBeCloseTo(60, 5);
    expect(costAt(curve, amountOf('interval', 1_000))).toBeCloseTo(5_060, 3);
  });

  it('is the same everywhere for a row that what is varied makes no difference to', () => {
    const curve = fitted((ms) => 100 + (ms % 3), of('interval', false));
    expect(curve.growing).toBe(0);
    expect(curve.fixed).toBeGreaterThan(99);
  });

  it('says where it is not linear', () => {
    const curve = fitted((clients) => 400 * clients ** 2);
    expect(curve.linear).toBe(false);
    expect(VALUES).toContain(curve.largestMiss.value);
  });

  it('takes three values', () => {
    expect(fitCurve([{ value: 1, cost: 1 }], of('clients'))).toMatch(
      /three different values with sound runs, there are 1/,
    );
    const repeated = [1, 1, 2, 2].map((value) => ({ value, cost: value }));
    expect(fitCurve(repeated, of('clients'))).toMatch(/there are 2/);
  });
});

it('an amount is the value again when it is turned back', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 1e6, noNaN: true }), (value) => {
      expect(valueWith('interval', amountOf('interval', value)) / value).toBeCloseTo(1, 9);
      expect(valueWith('rate', amountOf('rate', value))).toBe(value);
    }),
  );
});
