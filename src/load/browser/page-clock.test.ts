import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ClockExchange, PageClock } from './page-clock.js';

const OFFSET_US = 1_000_000;

/** An exchange with a page whose clock is behind by `offsetUs`, with these two ways. */
function exchange(atUs: number, thereUs: number, backUs: number, offsetUs = OFFSET_US): ClockExchange {
  return { askedUs: atUs, pageUs: atUs + thereUs - offsetUs, answeredUs: atUs + thereUs + backUs };
}

test('one exchange bounds the offset by half its round trip', () => {
  const clock = new PageClock([exchange(5, 300, 100)]);
  expect(clock.offsetUs).toBe(OFFSET_US - 100);
  expect(clock.errorUs).toBe(200);
  expect(clock.driftUs).toBe(0);
});

test('the fastest ways there and back bound it, though they come from two exchanges', () => {
  const clock = new PageClock([exchange(0, 10, 500), exchange(900, 400, 30)]);
  expect([clock.offsetUs, clock.errorUs]).toEqual([OFFSET_US + 10, 20]);
});

test('the offset is never further off than the error says', () => {
  const ways = fc.array(fc.tuple(fc.nat(5_000), fc.nat(5_000)), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(ways, ways, fc.integer({ min: -100, max: 100 }), (before, after, driftUs) => {
      const clock = new PageClock(before.map(([there, back], at) => exchange(at * 10_000, there, back)));
      clock.checkAgain(after.map(([there, back], at) => exchange(at * 10_000, there, back, OFFSET_US + driftUs)));
      for (const trueUs of [OFFSET_US, OFFSET_US + driftUs]) {
        expect(Math.abs(clock.offsetUs - trueUs)).toBeLessThanOrEqual(clock.errorUs);
      }
      expect(clock.driftUs).toBeLessThanOrEqual(Math.abs(driftUs));
    }),
  );
});

test('a drift that the bounds cannot hide is told', () => {
  const clock = new PageClock([exchange(0, 10, 10)]);
  clock.checkAgain([exchange(0, 10, 10, OFFSET_US + 500)]);
  expect([clock.driftUs, clock.errorUs]).toEqual([480, 510]);
});

test('readings that contradict each other are no clock', () => {
  expect(() => new PageClock([exchange(0, 10, 10), exchange(50, 10, 10, OFFSET_US + 900)])).toThrow(/contradict/);
});
