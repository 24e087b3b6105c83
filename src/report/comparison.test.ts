import { describe, expect, it } from 'vitest';
import { compareLogRatios, holm } from './comparison.js';

const ratios = (...values: number[]) => values.map(Math.log);
const alone = (logRatios: readonly number[]) => compareLogRatios([logRatios])[0];

describe('two rows', () => {
  it('differ below 6 rounds only where every round says so by more than 10 %', () => {
    expect(alone(ratios(1.2, 1.3, 1.11))).toMatchObject({ different: true, agreed: true, p: null, interval: null });
    expect(alone(ratios(1.2, 1.3, 1.09))).toMatchObject({ different: false, agreed: true });
    expect(alone(ratios(1.06, 1.07, 1.08, 1.07, 1.06))).toMatchObject({ different: false });
  });

  it('differ from 6 rounds on by less, where the signed-rank test has it', () => {
    const judged = alone(ratios(1.06, 1.07, 1.08, 1.07, 1.06, 1.09));
    expect(judged).toMatchObject({ different: true, agreed: true, p: 1 / 32, pairs: 6 });
    expect(judged?.ratio).toBeCloseTo(1.07, 2);
    expect(judged?.interval?.low).toBeCloseTo(1.06, 6);
  });

  it('do not differ by less than 5 %, however sure it is', () => {
    const small = Array.from({ length: 20 }, (_, index) => Math.log(1.03 + index / 1_000));
    expect(alone(small)).toMatchObject({ different: false, agreed: true });
    expect(alone(small)?.p).toBeLessThan(0.001);
  });

  it('need not agree in every round where there are many', () => {
    expect(alone(ratios(1.2, 1.15, 1.1, 1.2, 1.3, 1.1, 1.2, 0.99, 1.2, 1.1))).toMatchObject({
      different: true,
      agreed: false,
    });
  });

  it('are not compared without a ratio', () => {
    expect(alone([])).toEqual({ pairs: 0, ratio: null, interval: null, p: null, agreed: false, different: false });
  });
});

describe('many pairs of rows', () => {
  it('make the test stricter: what one pair shows, ten do not', () => {
    const clear = ratios(1.06, 1.07, 1.08, 1.07, 1.06, 1.09);
    const noise = ratios(1.01, 0.99, 1.02, 0.98, 1.01, 0.99);
    const family = compareLogRatios([clear, ...Array.from({ length: 9 }, () => noise)]);
    expect(family[0]).toMatchObject({ different: false });
    expect(family[0]?.p).toBeCloseTo(10 / 32, 6);
  });

  it('are corrected by Holm', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
    expect(holm([])).toEqual([]);
    expect(holm([0.6, 0.7])).toEqual([1, 1]);
  });
});
