import { describe, expect, it } from 'vitest';
import { type Evidence, judgeLook, verdictOfAll } from './decision.js';

/** Head over base, as so many shares around a middle. */
const around = (middle: number, spread: number, pairs: number): Evidence['values'] =>
  Array.from({ length: pairs }, (_, index) => ({
    base: 10,
    // Evenly on both sides, no two alike.
    head: 10 * (1 + middle + spread * (index / (pairs - 1) - 0.5)),
  }));

const evidence = (values: Evidence['values'], changes: Partial<Evidence> = {}): Evidence => ({
  threshold: 0.03,
  knownSpread: null,
  values,
  ...changes,
});

const LOOK = { pairs: 20, alpha: 0.05 };
const judgeOne = (one: Evidence, look = LOOK) => judgeLook([one], look)[0];

describe('a figure', () => {
  it('that is higher than the threshold in every pair is a regression', () => {
    expect(judgeOne(evidence(around(0.08, 0.02, 20)))).toMatchObject({
      verdict: 'regression',
      reason: '8.0 % more than base, beyond the threshold of 3.0 %',
      baseValue: 10,
      morePairs: null,
    });
  });

  it('that is surely higher, but within the threshold, passes and says so', () => {
    expect(judgeOne(evidence(around(0.01, 0.005, 20)))).toMatchObject({
      verdict: 'pass',
      reason: '1.0 % more than base, within the threshold of 3.0 %',
    });
  });

  it('that is lower passes', () => {
    expect(judgeOne(evidence(around(-0.2, 0.02, 20)))).toMatchObject({
      verdict: 'pass',
      reason: 'the threshold of 3.0 % is excluded',
    });
  });

  it('that is too noisy is inconclusive, with how many more pairs might do', () => {
    const judged = judgeOne(evidence(around(0, 0.5, 20)));
    expect(judged?.verdict).toBe('inconclusive');
    expect(judged?.morePairs).toBeGreaterThan(50);
    expect(judged?.reason).toMatch(/^pairs differ by 17\.\d %: too much to tell 3\.0 %; \d+ more pairs might do$/);
  });

  it('at the threshold itself is inconclusive, whatever the pairs', () => {
    expect(judgeOne(evidence(around(0.03, 0.05, 20)))).toMatchObject({
      verdict: 'inconclusive',
      morePairs: null,
      reason: expect.stringContaining('too near to the threshold'),
    });
  });

  it('that is higher by less than the noise of the machine is no regression', () => {
    const values = around(0.05, 0.02, 20);
    expect(judgeOne(evidence(values))?.verdict).toBe('regression');
    const judged = judgeOne(evidence(values, { knownSpread: 0.2 }));
    expect(judged?.verdict).toBe('inconclusive');
    expect(judged?.noiseFloor).toBeCloseTo(Math.exp((1.96 * 0.2) / Math.sqrt((3 / Math.PI) * 20)) - 1, 2);
  });

  it('without pairs says that it was not measured', () => {
    expect(judgeOne(evidence([]))).toMatchObject({ verdict: 'inconclusive', p: null, ratio: null });
  });

  it('of six pairs that all agree has p of 1/64, which no family of four can use', () => {
    const six = evidence(around(0.5, 0.1, 6));
    expect(judgeOne(six)?.p).toBe(1 / 64);
    const [first] = judgeLook([six, ...[1, 2, 3].map(() => evidence(around(0, 0.1, 6)))], { pairs: 6, alpha: 0.05 });
    expect(first?.p).toBe(4 / 64);
    expect(first?.verdict).toBe('inconclusive');
  });
});

it('one regression makes a gate one, and only all that pass make it pass', () => {
  const verdicts = (...list: ('pass' | 'regression' | 'inconclusive')[]) =>
    verdictOfAll(list.map((verdict) => ({ verdict })));
  expect(verdicts('pass', 'inconclusive', 'regression')).toBe('regression');
  expect(verdicts('pass', 'inconclusive')).toBe('inconclusive');
  expect(verdicts('pass', 'pass')).toBe('pass');
});
