import { expect, it } from 'vitest';
import { projectedTraffic } from './projection.js';

it('a month has 30 days and a GB 10⁹ bytes', () => {
  // 100 clients, 120 messages/s to each: 12,000 deliveries/s of 204 B, in 2,592,000 s.
  const { gbPerMonth, gbPerMonthPerClient } = projectedTraffic({ up: 0, down: 204 }, 12_000, 100);
  expect(gbPerMonth).toEqual({ up: 0, down: expect.closeTo(6_345.216, 9) });
  expect(gbPerMonthPerClient).toEqual({ up: 0, down: expect.closeTo(63.45216, 9) });
});

it('what was not measured is not projected', () => {
  expect(projectedTraffic({ up: null, down: null }, 12_000, 100)).toEqual({
    gbPerMonth: { up: null, down: null },
    gbPerMonthPerClient: { up: null, down: null },
  });
});
