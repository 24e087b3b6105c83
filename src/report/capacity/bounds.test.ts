import { describe, expect, it } from 'vitest';
import { type Bounds, isLimited, orderOfBounds } from './bounds.js';

const bounds = (pass: number | null, fail: number | null, changes: Partial<Bounds> = {}): Bounds => ({
  state: 'found',
  pass,
  fail,
  failedBy: fail === null ? null : 'latency',
  confirmed: pass !== null,
  ...changes,
});

describe('orderOfBounds', () => {
  it.each<[title: string, a: Bounds, b: Bounds, expected: string]>([
    ['a bracket above the other', bounds(410, 500), bounds(300, 400), 'higher'],
    ['one that begins where the other ends touches it', bounds(400, 500), bounds(300, 400), 'tie'],
    ['overlapping brackets', bounds(350, 500), bounds(300, 400), 'tie'],
    ['at least so many, above a limit', bounds(410, 800, { failedBy: 'generator' }), bounds(300, 400), 'higher'],
    ['the most that may be tried', bounds(800, null, { state: 'limit' }), bounds(300, 400), 'higher'],
    [
      'two that the generator ended',
      bounds(410, 800, { failedBy: 'generator' }),
      bounds(300, 400, { failedBy: 'generator' }),
      'unknown',
    ],
    ['a limit above what the generator ended', bounds(410, 500), bounds(300, 400, { failedBy: 'run' }), 'unknown'],
    ['no long stage', bounds(410, 500, { confirmed: false, state: 'budget' }), bounds(300, 400), 'tie'],
    ['too late at every level', bounds(410, 500), bounds(null, 1, { state: 'none' }), 'unknown'],
    ['saturated at every level', bounds(410, 500), bounds(null, 1, { state: 'none', failedBy: 'server' }), 'higher'],
    ['nothing tried', bounds(410, 500), bounds(null, null, { state: 'interrupted' }), 'unknown'],
  ])('%s', (_title, a, b, expected) => {
    expect(orderOfBounds(a, b)).toBe(expected);
    const turned = { higher: 'lower', lower: 'higher', tie: 'tie', unknown: 'unknown' }[expected];
    expect(orderOfBounds(b, a)).toBe(turned);
  });
});

it('a generator, a failed run and a delay of its own are no limits', () => {
  expect(isLimited(bounds(1, 2, { failedBy: 'delivery' }))).toBe(true);
  expect(isLimited(bounds(1, 2, { failedBy: 'generator' }))).toBe(false);
  expect(isLimited(bounds(1, 2, { failedBy: 'run' }))).toBe(false);
  expect(isLimited(bounds(null, 1, { state: 'none' }))).toBe(false);
});
