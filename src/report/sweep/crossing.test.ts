import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { relationOf } from './crossing.js';
import type { Curve } from './curve.js';

/** Known to `error`, a share of each of its two costs. */
function line(fixed: number, growing: number, error = 0.01, linear = true): Curve {
  return {
    fixed,
    growing,
    covariance: { fixed: (error * fixed) ** 2, growing: (error * growing) ** 2, both: 0 },
    typicalMiss: error,
    largestMiss: { value: 100, share: error },
    linear,
    measurements: 5,
  };
}

const CLIENTS = { variable: 'clients', cost: 'serverCpu', values: [25, 400] } as const;
const INTERVAL = { variable: 'interval', cost: 'serverCpu', values: [250, 8_000] } as const;

describe('relationOf', () => {
  it('is a crossing where each costs less at one end', () => {
    const relation = relationOf(line(10_000, 10), line(100, 100), CLIENTS);
    expect(relation).toMatchObject({ state: 'crossing', at: 110, extrapolated: false, below: 'b', above: 'a' });
    if (relation.state !== 'crossing') return;
    expect(relation.low).toBeLessThan(110);
    expect(relation.high).toBeGreaterThan(110);
  });

  it('of an interval names sides by the interval, not by polls', () => {
    // Polling costs 60 µs a poll; the push costs 30 µs a second and client, whatever the interval.
    const polling = line(1, 60, 0.01);
    const push = { ...line(30, 0), covariance: { fixed: 0.01, growing: 0, both: 0 } };
    const relation = relationOf(polling, push, INTERVAL);
    expect(relation).toMatchObject({ state: 'crossing', below: 'b', above: 'a', extrapolated: false });
    if (relation.state !== 'crossing') return;
    expect(relation.at).toBeCloseTo(1_000 / (29 / 60), 3);
    expect(relation.low).toBeLessThan(relation.at);
    expect(relation.high).toBeGreaterThan(relation.at);
  });

  it('beyond what was measured is extrapolated, and far beyond it is not given', () => {
    expect(relationOf(line(100_000, 10), line(100, 100), CLIENTS)).toMatchObject({
      state: 'crossing',
      extrapolated: true,
      below: 'b',
      above: 'a',
    });
    expect(relationOf(line(1_000_000, 10), line(100, 100), CLIENTS)).toEqual({ state: 'throughout', cheaper: 'b' });
  });

  it('is not extrapolated from a line that misses what it was fitted to', () => {
    const bent = line(100, 100, 0.01, false);
    expect(relationOf(line(100_000, 10), bent, CLIENTS)).toEqual({ state: 'throughout', cheaper: 'b' });
  });

  it('does not tell apart what differs by less than its errors, or than matters', () => {
    expect(relationOf(line(1_000, 10, 0.3), line(1_100, 13, 0.3), CLIENTS)).toEqual({ state: 'not told apart' });
    expect(relationOf(line(1_000, 10, 0.0001), line(1_050, 10.5, 0.0001), CLIENTS)).toEqual({
      state: 'not told apart',
    });
    // Bytes are counted, so that less matters.
    const bytes = { ...CLIENTS, cost: 'bytes' as const };
    expect(relationOf(line(1_000, 10, 0.0001), line(1_050, 10.5, 0.0001), bytes)).toEqual({
      state: 'throughout',
      cheaper: 'a',
    });
  });

  it('is told at one end only where the other is too close', () => {
    expect(relationOf(line(1_000, 10, 0.02), line(1_000, 20, 0.02), { ...CLIENTS, values: [1, 400] })).toEqual({
      state: 'at one end',
      cheaper: 'a',
      end: 'high',
    });
  });

  it('says the same of two rows in either order', () => {
    const cost = fc.double({ min: 0.1, max: 10_000, noNaN: true });
    const swap = { a: 'b', b: 'a' } as const;
    fc.assert(
      fc.property(cost, cost, cost, cost, (fixedA, growingA, fixedB, growingB) => {
        const [a, b] = [line(fixedA, growingA), line(fixedB, growingB)];
        const [one, two] = [relationOf(a, b, CLIENTS), relationOf(b, a, CLIENTS)];
        expect(two.state).toBe(one.state);
        if (one.state === 'crossing' && two.state === 'crossing') {
          expect(two.at / one.at).toBeCloseTo(1, 6);
          expect([two.below, two.above]).toEqual([swap[one.below], swap[one.above]]);
        }
        if (one.state === 'throughout' && two.state === 'throughout') expect(two.cheaper).toBe(swap[one.cheaper]);
      }),
    );
  });

  it('costs less below and above as it says', () => {
    const cost = fc.double({ min: 0.1, max: 10_000, noNaN: true });
    fc.assert(
      fc.property(cost, cost, cost, cost, (fixedA, growingA, fixedB, growingB) => {
        const [a, b] = [line(fixedA, growingA), line(fixedB, growingB)];
        const relation = relationOf(a, b, CLIENTS);
        if (relation.state !== 'crossing') return;
        const cheaperAt = (value: number) => (fixedA + growingA * value < fixedB + growingB * value ? 'a' : 'b');
        expect([cheaperAt(relation.at * 0.9), cheaperAt(relation.at * 1.1)]).toEqual([relation.below, relation.above]);
      }),
    );
  });
});
