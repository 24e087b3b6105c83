import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bracketOf, type NextStep, nextStep, type Outcome, type SearchSettings, type SearchTrial } from './search.js';

const CLIENTS: SearchSettings = { start: 100, least: 1, most: 20_000, within: 0.1, round: Math.round };

type Oracle = (level: number, kind: SearchTrial['kind'], times: number) => Outcome;

function searched(oracle: Oracle, settings: SearchSettings = CLIENTS) {
  const trials: SearchTrial[] = [];
  for (;;) {
    const next: NextStep = nextStep(settings, trials);
    if (next.type === 'end') return { trials, ...next, ...bracketOf(trials) };
    if (trials.length > 1_000) throw new Error('no end');
    const { level, type: kind } = next;
    trials.push({ level, kind, outcome: oracle(level, kind, trials.length) });
  }
}

/** Passes up to its capacity. */
const upTo =
  (capacity: number, failure: Outcome = 'latency'): Oracle =>
  (level) =>
    level <= capacity ? 'pass' : failure;

const settingsOf = fc
  .record({
    start: fc.integer({ min: 1, max: 20_000 }),
    most: fc.integer({ min: 1, max: 20_000 }),
    within: fc.double({ min: 0.01, max: 0.5, noNaN: true }),
  })
  .map(({ start, most, within }): SearchSettings => ({ ...CLIENTS, start: Math.min(start, most), most, within }));

describe('a search', () => {
  it('doubles, bisects, and confirms what it has found', () => {
    const { trials, pass, fail, failedBy, confirmed, state } = searched(upTo(700));
    expect([...new Set(trials.map(({ level }) => level))]).toEqual([100, 200, 400, 800, 566, 673, 734]);
    expect(trials.at(-1)).toEqual({ level: 673, kind: 'confirm', outcome: 'pass' });
    expect({ pass, fail, failedBy, confirmed, state }).toEqual({
      pass: 673,
      fail: 734,
      failedBy: 'latency',
      confirmed: true,
      state: 'found',
    });
  });

  it('goes down where the first level is too high, and says when nothing passes', () => {
    expect(searched(upTo(30))).toMatchObject({ state: 'found', pass: 30, fail: 32 });
    expect(searched(upTo(0, 'run'))).toMatchObject({ state: 'none', pass: null, fail: 1, failedBy: 'run' });
  });

  it('ends at the limit where everything passes', () => {
    expect(searched(upTo(1e9), { ...CLIENTS, most: 1_500 })).toMatchObject({
      state: 'limit',
      pass: 1_500,
      fail: null,
      failedBy: null,
      confirmed: true,
    });
  });

  it('takes two of three, and a third only where the first two disagree', () => {
    const outcomes: Outcome[] = ['pass', 'latency', 'pass'];
    const { trials } = searched((level, _, times) => outcomes[times] ?? upTo(150)(level, 'trial', times));
    expect(trials.slice(0, 4).map(({ level }) => level)).toEqual([100, 100, 100, 200]);
    expect(trials.filter(({ level }) => level === 200)).toHaveLength(2);
  });

  it('takes a level back that fails its long stage, and looks below it', () => {
    const { pass, fail, failedBy, trials } = searched((level, kind) =>
      kind === 'confirm' && level > 500 ? 'server' : upTo(700)(level, kind, 0),
    );
    expect(trials.filter(({ kind }) => kind === 'confirm').length).toBeGreaterThan(1);
    expect(pass).toBeLessThanOrEqual(500);
    expect(fail).toBeGreaterThan(500);
    expect(failedBy).toBe('server');
  });

  it('blames the generator where it gave out as often as anything else', () => {
    const outcomes: readonly Outcome[] = ['latency', 'pass', 'generator'];
    expect(searched((_, __, times) => outcomes[times % 3] ?? 'latency', { ...CLIENTS, start: 1 })).toMatchObject({
      state: 'none',
      failedBy: 'generator',
    });
  });
});

describe('whatever the oracle says', () => {
  it('a monotone one is bracketed, as narrowly as asked for', () => {
    fc.assert(
      fc.property(settingsOf, fc.integer({ min: 0, max: 30_000 }), (settings, capacity) => {
        const { state, pass, fail, confirmed } = searched(upTo(capacity), settings);
        if (state === 'none') expect(capacity).toBeLessThan(settings.least);
        else expect([pass !== null && pass <= capacity, confirmed]).toEqual([true, true]);
        if (state === 'limit') expect(pass).toBe(settings.most);
        if (state !== 'found') return;
        expect(fail).toBeGreaterThan(capacity);
        expect((fail ?? 0) <= (pass ?? 0) * (1 + settings.within) || (fail ?? 0) - (pass ?? 0) <= 2).toBe(true);
      }),
    );
  });

  it('a noisy one comes to an end, with a bracket that its own trials bear out', () => {
    const outcome = fc.constantFrom<Outcome>('pass', 'latency', 'server', 'generator', 'run', 'delivery');
    fc.assert(
      fc.property(settingsOf, fc.array(outcome, { minLength: 1, maxLength: 300 }), (settings, outcomes) => {
        const { trials, pass, fail, confirmed, state } = searched(
          (_, __, times) => outcomes[times % outcomes.length] ?? 'pass',
          settings,
        );
        for (const { level } of trials) {
          expect(level).toBeGreaterThanOrEqual(settings.least);
          expect(level).toBeLessThanOrEqual(settings.most);
          expect(trials.filter((trial) => trial.level === level && trial.kind === 'trial').length).toBeLessThan(4);
        }
        if (pass !== null && fail !== null) expect(pass).toBeLessThan(fail);
        expect(confirmed).toBe(state !== 'none');
        const at = trials.filter(({ level, kind }) => level === pass && kind === 'trial');
        if (pass !== null) expect(at.filter((trial) => trial.outcome === 'pass')).toHaveLength(2);
      }),
    );
  });

  it('one that is right nine times in ten is bracketed nearly every time, within its noise', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 5_000 }), fc.integer({ min: 0, max: 1_000 }), (capacity, salt) => {
        // A level far from the capacity is never mistaken: only what is near it is a matter of luck.
        const noisy: Oracle = (level, _, times) => {
          const near = Math.abs(Math.log(level / capacity)) < 0.1;
          const luck = (times * 7 + salt) % 10 === 0;
          return near && luck ? (level <= capacity ? 'latency' : 'pass') : upTo(capacity)(level, 'trial', times);
        };
        const { pass, fail } = searched(noisy);
        expect(pass).toBeLessThanOrEqual(capacity * Math.exp(0.1));
        expect(fail).toBeGreaterThanOrEqual(capacity * Math.exp(-0.1));
      }),
    );
  });
});
