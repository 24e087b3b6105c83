import { probit } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../random.js';
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

describe('the design of the check "the same transport twice" (bench/aa.js), simulated', () => {
  const draw = randomStream(11, 'machines');
  const normal = () => probit(Math.min(1 - 1e-9, Math.max(1e-9, draw())));

  interface Machine {
    /** What two runs of one thing differ by, as standard deviation of their logarithms. */
    readonly run: number;
    /** How far the machine's mood, which the next run inherits by nine tenths, moves from run to run. */
    readonly drift: number;
    /** Share of runs in which somebody else's work adds 5 to 30 %. */
    readonly disturbed: number;
  }

  /** Six rounds of two rows in random order, the second row slower by `effect`; whether they are called different. */
  function repeat(effect: number, { run, drift, disturbed }: Machine): boolean {
    let mood = 0;
    const aRun = () => {
      mood = 0.9 * mood + drift * normal();
      return mood + run * normal() + (draw() < disturbed ? 0.05 + 0.25 * draw() : 0);
    };
    const logRatios = Array.from({ length: 6 }, () => {
      const [one, two] = [aRun(), aRun()];
      return Math.log(1 + effect) + (draw() < 0.5 ? one - two : two - one);
    });
    return alone(logRatios)?.different ?? false;
  }

  function shareDifferent(effect: number, machine: Machine): number {
    const REPEATS = 2_000;
    return Array.from({ length: REPEATS }, () => repeat(effect, machine)).filter(Boolean).length / REPEATS;
  }

  /** Probability of at least `wanted` of 60. */
  function atLeast(wanted: number, probability: number): number {
    let [sum, ways] = [0, 1];
    for (let hits = 0; hits <= 60; hits++) {
      if (hits > 0) ways *= (61 - hits) / hits;
      if (hits >= wanted) sum += ways * probability ** hits * (1 - probability) ** (60 - hits);
    }
    return sum;
  }

  it('passes 57 of 60 and 48 of 60 on a quiet machine, where two runs of one thing differ by 3 %', () => {
    const quiet = { run: 0.022, drift: 0.02, disturbed: 0.01 };
    expect(atLeast(57, 1 - shareDifferent(0, quiet))).toBeGreaterThan(0.99);
    expect(atLeast(48, shareDifferent(0.1, quiet))).toBeGreaterThan(0.95);
  });

  it('calls the same thing different no more often than the test allows on a machine that is not quiet', () => {
    const busy = { run: 0.1, drift: 0.1, disturbed: 0.05 };
    expect(shareDifferent(0, busy)).toBeLessThan(0.045);
    expect(shareDifferent(0.1, busy)).toBeLessThan(0.3);
  });
});
