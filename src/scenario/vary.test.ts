import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRate, formatValue, parseVary, spellValue, VARIABLES, valueInWords } from './vary.js';

describe('parseVary', () => {
  it('takes a range in equal factors, both ends included', () => {
    expect(parseVary('clients=50..800', 5)).toEqual({ variable: 'clients', values: [50, 100, 200, 400, 800] });
    expect(parseVary('interval=250ms..8s', 6).values).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000]);
  });

  it('takes a list in any order, each value once', () => {
    expect(parseVary('rate=100/s, 1/min,10', 5)).toEqual({ variable: 'rate', values: [0.0167, 10, 100] });
    expect(parseVary('size=1KiB,64B,1024,200', 5)).toEqual({ variable: 'size', values: [64, 200, 1_024] });
  });

  it.each([
    ['users=1..5', /is not clients, rate, size, interval with values/],
    ['clients', /is not clients, rate/],
    ['clients=0..50', /`0` is not a whole number of clients, above 0/],
    ['clients=5..fast', /`fast` is not a whole number of clients/],
    ['rate=1,2,x', /`x` is not a rate such as/],
    ['clients=5,5,6', /2 different value\(s\) of clients make no curve/],
    ['clients=1..2', /make no curve/],
    ['clients=', /`` is not a whole number/],
  ])('refuses %s', (text, problem) => {
    expect(() => parseVary(text, 5)).toThrow(problem);
  });

  it('spells values so that it takes them again', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...VARIABLES),
        fc.uniqueArray(fc.integer({ min: 1, max: 999 }), { minLength: 3, maxLength: 9 }),
        (variable, numbers) => {
          const { values } = parseVary(`${variable}=${numbers.map((one) => spellValue(variable, one)).join(',')}`, 5);
          expect(
            parseVary(`${variable}=${values.map((one) => spellValue(variable, one)).join(',')}`, 5).values,
          ).toEqual(values);
        },
      ),
    );
  });
});

it('is said so that people read it', () => {
  expect([0.025, 1, 2.5, 120, 12_000].map(formatRate)).toEqual(['1 per 40 s', '1/s', '2.5/s', '120/s', '12,000/s']);
  expect(formatValue('size', 1_024)).toBe('1.00 KiB');
  expect(valueInWords('rate', 0.025)).toBe('one message per 40 s');
  expect(valueInWords('rate', 120)).toBe('120 messages/s');
  expect(valueInWords('interval', 10_000)).toBe('a poll every 10 s');
  expect(valueInWords('clients', 1_500)).toBe('1,500 clients');
});
