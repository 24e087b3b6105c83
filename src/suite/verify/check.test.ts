import { expect, test } from 'vitest';
import { type Claim, check, patiently } from './check.js';

const state = (claim: Partial<Claim>) =>
  check({ subject: 'WebSocket', name: 'message', unit: 'B', theory: 10, measured: 10, ...claim }).state;

test('without a tolerance a figure is met exactly or not at all', () => {
  expect(state({})).toBe('passed');
  expect(state({ measured: 11 })).toBe('failed');
  expect(state({ measured: 9 })).toBe('failed');
});

test('a tolerance holds both ways, its end included', () => {
  expect(state({ tolerance: 1, measured: 11 })).toBe('passed');
  expect(state({ tolerance: 1, measured: 9 })).toBe('passed');
  expect(state({ tolerance: 1, measured: 11.5 })).toBe('failed');
});

test('what could not be measured fails, with a theory or without', () => {
  expect(state({ measured: null })).toBe('failed');
  expect(state({ measured: null, theory: null })).toBe('failed');
  expect(state({ measured: Number.NaN })).toBe('failed');
});

test('what has no theory neither passes nor fails', () => {
  expect(state({ theory: null })).toBe('no theory');
});

test('a check of times is tried three times at most, and says so', async () => {
  const results = [13, 12, 10, 10];
  let looks = 0;
  const look = async () =>
    check({ subject: 'A', name: 'wait', unit: 'ms', theory: 10, measured: results[looks++] ?? 0 });
  expect(await patiently(look)).toMatchObject({ state: 'passed', measured: 10, note: 'attempt 3 of 3 at most' });
  expect(await patiently(look)).toMatchObject({ state: 'passed', note: null });
  results.push(11, 11, 11, 10);
  expect(await patiently(look)).toMatchObject({ state: 'failed', measured: 11 });
  expect(looks).toBe(7);
});
