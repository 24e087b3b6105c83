import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fewestPairs, lastLook, planLooks } from './looks.js';

describe('the looks of a gate', () => {
  it('spend alpha and no more, each enough to reject, the last one at the last pair', () => {
    const gates = fc.record({
      pairs: fc.integer({ min: 1, max: 60 }),
      figures: fc.integer({ min: 1, max: 6 }),
      alpha: fc.constantFrom(0.01, 0.05, 0.1),
    });
    fc.assert(
      fc.property(gates, ({ pairs, figures, alpha }) => {
        const looks = planLooks(pairs, figures, alpha);
        if (pairs < fewestPairs(figures, alpha)) {
          expect(looks).toEqual([]);
          return;
        }
        expect(looks.reduce((sum, look) => sum + look.alpha, 0)).toBeCloseTo(alpha, 12);
        expect(looks.at(-1)?.pairs).toBe(pairs);
        for (const look of looks) expect(figures * 2 ** -look.pairs).toBeLessThan(look.alpha);
      }),
    );
  });

  it('are four where there are pairs enough, each with its share of alpha', () => {
    const looks = planLooks(40, 1, 0.05);
    expect(looks.map(({ pairs }) => pairs)).toEqual([8, 14, 24, 40]);
    expect(looks.map(({ alpha }) => Number(alpha.toFixed(4)))).toEqual([0.01, 0.0075, 0.0125, 0.02]);
  });

  it('leave out one that could show nothing, and the next one has what it would have had', () => {
    const [first] = planLooks(14, 4, 0.05);
    expect(first).toEqual({ pairs: 8, alpha: 0.05 * 0.6 });
  });

  it('take 7 pairs for four figures at 5 %, because 6 can show 1/64 at best', () => {
    expect(fewestPairs(4, 0.05)).toBe(7);
    expect(planLooks(6, 4, 0.05)).toEqual([]);
    expect(fewestPairs(1, 0.05)).toBe(5);
  });

  it('may end early with all that is left', () => {
    const [first] = planLooks(20, 4, 0.05);
    expect(first && lastLook(15, [first], 0.05)).toEqual({ pairs: 15, alpha: 0.05 - (first?.alpha ?? 0) });
  });
});
