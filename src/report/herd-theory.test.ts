import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseReconnectPolicy } from '../scenario/reconnect-policy.js';
import { type HerdDesign, herdTheory, mostWithin, shareOf } from './herd-theory.js';

const N = 2_000;

function theoryOf(spec: string, changes: Partial<HerdDesign> = {}) {
  const policy = parseReconnectPolicy(spec);
  return herdTheory({ clients: N, policy, awayMs: 2_000, windowMs: 250, binMs: 100, seed: 1, ...changes });
}

/** Between the expected count of the fullest window and what the largest of finite counts adds to it. */
function expectPeak(peak: number, fullest: number, margin = 0.12): void {
  expect(peak / fullest).toBeGreaterThan(0.995);
  expect(peak / fullest).toBeLessThan(1 + margin);
}

describe('herdTheory', () => {
  it.each([
    ['immediate', 0, null],
    ['fixed:1100ms', 200, 2],
    ['exponential', 1_000, 2],
    ['native', 1_000, 1],
  ])('has all come at once without jitter: %s', (spec, afterMs, attempts) => {
    const theory = theoryOf(spec);
    expect(theory).toMatchObject({ peak: N, attemptsPerClient: attempts });
    expect(theory.backMs).toEqual({ p50: afterMs, p99: afterMs, all: afterMs });
    expect(theory.acceptsPerBin.at((2_000 + afterMs) / 100)).toBe(N);
  });

  it('agrees with N·w/J after one jittered wait', () => {
    expectPeak(theoryOf('exponential-jitter', { awayMs: 500, windowMs: 100 }).peak, N * (100 / 500));
  });

  it.each([100, 250, 400])('agrees with a sum of two uniforms after two jittered waits, window %i ms', (windowMs) => {
    const { peak, attemptsPerClient, backMs } = theoryOf('exponential-jitter', { windowMs });
    expectPeak(peak, N * (1 - (1 - windowMs / 1_000) ** 2));
    expect(attemptsPerClient).toBe(2);
    expect(backMs.p50).toBeGreaterThan(1_480);
    expect(backMs.p50).toBeLessThan(1_520);
  });

  it('agrees with N·w/d in full jitter with the server there', () => {
    const { peak, attemptsPerClient } = theoryOf('full-jitter', { awayMs: 0 });
    expectPeak(peak, N * (250 / 1_000));
    expect(attemptsPerClient).toBe(1);
  });

  it('agrees with the density of full jitter after one or two attempts', () => {
    // D = 1 s = first cap: nobody is accepted by the first attempt; the second comes at U(0,1) + U(0,2).
    const { acceptsPerBin, attemptsPerBin } = theoryOf('full-jitter', { awayMs: 1_000, binMs: 500 });
    // P(1 ≤ S_2 < 1.5) = 1/4, P(1.5 ≤ S_2 < 2) = 1/4, both where the density is 1/2.
    expect((acceptsPerBin[2] ?? 0) / N).toBeGreaterThan(0.25);
    expect(acceptsPerBin[0]).toBe(0);
    // Every client tries once within the first second, and P(S_2 < 1) = 1/4 once more, a few yet again.
    const early = ((attemptsPerBin?.[0] ?? 0) + (attemptsPerBin?.[1] ?? 0)) / N;
    expect(early).toBeGreaterThan(1.25);
    expect(early).toBeLessThan(1.35);
  });

  it('scales: everything a tenth, the same peak', () => {
    const policy = parseReconnectPolicy('exponential-jitter', 0.1);
    const scaled = theoryOf('immediate', { policy, awayMs: 200, windowMs: 25, binMs: 10 });
    const plain = theoryOf('exponential-jitter');
    expect(scaled.peak).toBeCloseTo(plain.peak, 6);
    expect(scaled.backMs.p99).toBeCloseTo(plain.backMs.p99 / 10, 6);
  });

  it('accepts each client once, and never before the server is back', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('immediate', 'fixed:300ms', 'exponential', 'exponential-jitter', 'full-jitter'),
        fc.integer({ min: 0, max: 20 }),
        (spec, tenths) => {
          const { acceptsPerBin, peak } = theoryOf(spec, { clients: 50, awayMs: tenths * 100 });
          expect(acceptsPerBin.reduce((sum, count) => sum + count, 0)).toBeCloseTo(50, 0);
          expect(acceptsPerBin.slice(0, tenths).every((count) => count === 0)).toBe(true);
          expect(peak).toBeGreaterThanOrEqual(1);
          expect(peak).toBeLessThanOrEqual(50);
        },
      ),
    );
  });
});

describe('mostWithin', () => {
  it('counts as looking at every window does', () => {
    const times = fc.array(fc.integer({ min: 0, max: 100 })).map((list) => list.sort((a, b) => a - b));
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 50 }), (list, width) => {
        const counts = list.map((from) => list.filter((at) => at >= from && at < from + width).length);
        expect(mostWithin(list, width)).toBe(Math.max(0, ...counts));
      }),
    );
  });
});

describe('shareOf', () => {
  it('is the time by which so many had come', () => {
    expect([shareOf([1, 2, 3, 4], 0.5), shareOf([1, 2, 3, 4], 0.51), shareOf([1, 2], 1), shareOf([], 1)]).toEqual([
      2,
      3,
      2,
      null,
    ]);
  });
});
