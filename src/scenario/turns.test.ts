import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EXAMPLE_SCENARIO } from '../testing/example-report.js';
import { inTurn, scenarioInTurns } from './turns.js';

describe('turns', () => {
  test('lie one after the other: a phase of 400 ms, two runs, 100 ms each', () => {
    const second = { index: 1, of: 2, sliceMs: 100 };
    expect([0, 99_000, 100_000, 199_000].map((ownUs) => inTurn(ownUs, 400, second))).toEqual([
      100_000, 199_000, 300_000, 399_000,
    ]);
  });

  test('of two runs never overlap, keep the order, and fill the phase', () => {
    const phases = fc.record({
      durationMs: fc.integer({ min: 20, max: 10_000 }),
      of: fc.integer({ min: 2, max: 7 }),
      sliceMs: fc.integer({ min: 5, max: 5_000 }),
      at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      later: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    });
    fc.assert(
      fc.property(phases, ({ durationMs, of, sliceMs, at, later }) => {
        const ownUs = (1_000 * durationMs) / of;
        const turns = Math.max(1, Math.round(durationMs / of / sliceMs));
        const turnUs = ownUs / turns;
        const [early = 0, late = 0] = [at, later].sort((a, b) => a - b).map((share) => share * ownUs);
        for (let index = 0; index < of; index++) {
          const turn = { index, of, sliceMs };
          const mappedUs = inTurn(early, durationMs, turn);
          expect(Math.floor(mappedUs / turnUs + 1e-6) % of).toBeOneOf([index, (index + 1) % of]);
          expect(inTurn(late, durationMs, turn)).toBeGreaterThanOrEqual(mappedUs);
          expect(inTurn(late, durationMs, turn)).toBeLessThanOrEqual(durationMs * 1_000 + 1e-6);
        }
      }),
    );
  });

  test('give a run the messages that it would have had alone', () => {
    const { workload } = scenarioInTurns(EXAMPLE_SCENARIO, { of: 3 });
    const alone = EXAMPLE_SCENARIO.workload;
    expect(workload.ratePerSecond * workload.durationMs).toBeCloseTo(alone.ratePerSecond * alone.durationMs, 6);
    expect(workload).toMatchObject({ warmupMs: 3 * alone.warmupMs, durationMs: 3 * alone.durationMs });
  });
});
