import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Orders, type Series } from './order.js';

const series = (...values: readonly number[]): Series => new Map(values.map((value, round) => [round, value]));
const between = (a: Series, b: Series) =>
  new Orders(
    new Map([
      ['a', a],
      ['b', b],
    ]),
  ).between('a', 'b');

describe('below six rounds: by ranges', () => {
  it.each([
    ['apart', series(1, 2, 3), series(4, 5, 6), 'lower'],
    ['apart, the other way', series(4, 5, 6), series(1, 2, 3), 'higher'],
    ['touching', series(1, 2, 3), series(3, 4, 5), 'tie'],
    ['one inside the other', series(1, 9, 5), series(4, 5, 6), 'tie'],
    ['two rounds are too few', series(1, 2), series(8, 9), 'unknown'],
    ['of one of them', series(1, 2, 3), series(8, 9), 'unknown'],
    ['nothing', series(), series(1, 2, 3), 'unknown'],
  ])('%s', (_what, a, b, order) => {
    expect(between(a, b)).toBe(order);
  });
});

describe('from six rounds on: by the ratios within them', () => {
  const noisy = [10, 14, 8, 19, 12, 16];
  it('a fifth less in every round is lower, though the ranges overlap', () => {
    expect(between(series(...noisy.map((value) => value * 0.8)), series(...noisy))).toBe('lower');
    expect(between(series(...noisy), series(...noisy.map((value) => value * 0.8)))).toBe('higher');
  });
  it('3 % less in every round is a tie: it is no more than one row differs from itself', () => {
    expect(between(series(...noisy.map((value) => value * 0.97)), series(...noisy))).toBe('tie');
  });
});

it('is the other way round for the other, for all series', () => {
  const opposite = { lower: 'higher', higher: 'lower', tie: 'tie', unknown: 'unknown' } as const;
  const values = fc.array(fc.integer({ min: 1, max: 1_000 }), { maxLength: 8 });
  fc.assert(
    fc.property(values, values, (a, b) => {
      expect(between(series(...b), series(...a))).toBe(opposite[between(series(...a), series(...b))]);
    }),
  );
});
