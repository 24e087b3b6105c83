import { describe, expect, it } from 'vitest';
import { randomStream } from '../../random.js';
import { type SimulatedGate, type SimulatedMachine, simulateGate } from '../../testing/simulated-gates.js';
import { smallestVisibleChange } from './precision.js';

const ALPHA = 0.05;
const QUIET: SimulatedMachine = {
  noise: [0.02, 0.02, 0.03, 0.06],
  drift: 0.02,
  hiccups: { share: 0.05, upTo: 1.5 },
};
/** As bad as it gets: the noise of every figure is far above the threshold, and the machine wanders. */
const NOISY: SimulatedMachine = { noise: [0.1, 0.1, 0.15, 0.3], drift: 0.1, hiccups: { share: 0.2, upTo: 3 } };

function gates(count: number, machine: SimulatedMachine, effects: readonly number[], pairs = 20): SimulatedGate[] {
  const draw = randomStream(1, `gates ${count} ${pairs} ${effects}`);
  return Array.from({ length: count }, () =>
    simulateGate(draw, machine, { pairs, alpha: ALPHA, threshold: 0.03, effects }),
  );
}

const shareOf = (verdict: SimulatedGate['verdict'], all: readonly SimulatedGate[]) =>
  all.filter((gate) => gate.verdict === verdict).length / all.length;

describe('2,000 gates of a program against itself', () => {
  it.each([
    ['a quiet machine', QUIET],
    ['a noisy one', NOISY],
  ])('find a regression in no more than alpha, on %s', (_, machine) => {
    const all = gates(2_000, machine, []);
    expect(shareOf('regression', all)).toBeLessThanOrEqual(ALPHA);
  });

  it('are wrong no more often where the threshold is nothing, and alpha alone keeps them', () => {
    const draw = randomStream(2, 'no threshold');
    const options = { pairs: 20, alpha: ALPHA, threshold: 0, effects: [] };
    const all = Array.from({ length: 2_000 }, () => simulateGate(draw, NOISY, options));
    const share = shareOf('regression', all);
    expect(share).toBeLessThanOrEqual(ALPHA);
    // The test must be able to fail: without the looks' shares and Holm it is several times alpha.
    expect(share).toBeGreaterThan(0);
  });
});

describe('gates of a program that is slower', () => {
  it('find +10 % CPU nearly always, and +5 % mostly, often before the last pair', () => {
    const ten = gates(400, QUIET, [Math.log(1.1)]);
    expect(shareOf('regression', ten)).toBeGreaterThan(0.95);
    expect(ten.some(({ pairs }) => pairs < 20)).toBe(true);
    expect(shareOf('regression', gates(400, QUIET, [Math.log(1.05)]))).toBeGreaterThan(0.5);
  });

  it('pass one that is as much slower as the threshold in no more than alpha', () => {
    const atThreshold = QUIET.noise.map(() => Math.log(1.03));
    expect(shareOf('pass', gates(2_000, QUIET, atThreshold))).toBeLessThanOrEqual(ALPHA);
  });

  it('pass a program that is the same where the noise allows it, and stop early', () => {
    const machine: SimulatedMachine = { noise: [0.01, 0.01, 0.01, 0.01], drift: 0, hiccups: { share: 0, upTo: 1 } };
    const all = gates(400, machine, []);
    expect(shareOf('pass', all)).toBeGreaterThan(0.95);
    expect(all.every(({ pairs }) => pairs <= 12)).toBe(true);
  });

  it('see the smallest visible change about as often as is said', () => {
    const spread = 0.03;
    const machine: SimulatedMachine = { noise: [spread / Math.SQRT2], drift: 0, hiccups: { share: 0, upTo: 1 } };
    // The last look has 40 % of alpha, and those before it find something too.
    const change = smallestVisibleChange(20, spread, { alpha: 0.4 * ALPHA, threshold: 0.03 });
    const found = shareOf('regression', gates(500, machine, [Math.log1p(change)]));
    expect(found).toBeGreaterThan(0.7);
    expect(found).toBeLessThan(0.95);
  });
});
