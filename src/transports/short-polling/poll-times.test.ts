import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextPollMs, type PollTimes, pausesBetweenPolls } from './poll-times.js';

const someTimes = fc.record<PollTimes>({
  startMs: fc.double({ min: 0, max: 1e7, noNaN: true }),
  intervalMs: fc.integer({ min: 1, max: 3_600_000 }),
  phase: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});

test('the first polls of a client', () => {
  const times = { startMs: 1_000, intervalMs: 500, phase: 0.25 };
  expect(nextPollMs(times, 1_000)).toBe(1_125);
  expect(nextPollMs(times, 1_125)).toBe(1_625);
  expect(nextPollMs(times, 1_126)).toBe(1_625);
});

test('ticks that passed while a poll was under way are skipped', () => {
  expect(nextPollMs({ startMs: 0, intervalMs: 500, phase: 0 }, 1_730)).toBe(2_000);
});

test('a poll that came early is not repeated, one that came late shortens the pause', () => {
  const clock = [1_000, 1_124.6, 1_700, 2_130];
  const pauseMs = pausesBetweenPolls({ startMs: 1_000, intervalMs: 500, phase: 0.25 }, () => clock.shift() ?? 0);
  expect([pauseMs(), pauseMs(), pauseMs(), pauseMs()]).toEqual([125, 501, 425, 495]);
});

test('the next time is later, within one interval, and on the grid', () => {
  fc.assert(
    fc.property(someTimes, fc.double({ min: 0, max: 1e9, noNaN: true }), (times, elapsedMs) => {
      const afterMs = times.startMs + elapsedMs;
      const nextMs = nextPollMs(times, afterMs);
      expect(nextMs).toBeGreaterThan(afterMs);
      const slackMs = 1e-6;
      expect(nextMs - afterMs).toBeLessThanOrEqual(times.intervalMs + slackMs);
      const ticks = (nextMs - times.startMs - times.phase * times.intervalMs) / times.intervalMs;
      expect(Math.abs(ticks - Math.round(ticks)) * times.intervalMs).toBeLessThan(1e-4);
    }),
  );
});

test('however late each poll is, the times do not drift', () => {
  const lateness = fc.array(fc.double({ min: 0, max: 0.99, noNaN: true }), { minLength: 1, maxLength: 500 });
  fc.assert(
    fc.property(someTimes, lateness, (times, latenesses) => {
      let dueMs = nextPollMs(times, times.startMs);
      const firstMs = dueMs;
      for (const late of latenesses) dueMs = nextPollMs(times, dueMs + late * times.intervalMs);
      expect(Math.abs(dueMs - firstMs - latenesses.length * times.intervalMs)).toBeLessThan(1e-3);
    }),
  );
});
