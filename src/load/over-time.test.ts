import { expect, it } from 'vitest';
import { ArrivalLog } from './arrivals.js';
import { latencyOverTime, SLICES } from './over-time.js';
import type { Schedule } from './schedule.js';

const DURATION_MS = 2_000;
const SLICE_US = 100_000;

/** One message of the warm-up, then those due at these places in the window, for two clients on one channel. */
function scheduleOf(...offsetUs: number[]): Schedule {
  const count = offsetUs.length + 1;
  return {
    warmupCount: 1,
    windowCount: offsetUs.length,
    offsetUs: Float64Array.from([0, ...offsetUs]),
    publisher: new Int32Array(count).fill(-1),
    channel: new Int32Array(count),
  };
}

/** What each client got of each message, µs after it was due; NaN: it did not come. */
function logOf(schedule: Schedule, latenciesUs: readonly (readonly number[])[]): ArrivalLog {
  const messages = schedule.channel.length;
  const log = new ArrivalLog(schedule, new Int32Array(2), Int32Array.from([0, messages, 2 * messages]));
  for (let sequence = 0; sequence < messages; sequence++) {
    log.dueUs[sequence] = 5_000_000 + (schedule.offsetUs[sequence] ?? 0);
    for (const slot of [0, 1]) {
      const us = latenciesUs[slot]?.[sequence] ?? Number.NaN;
      log.arrivedUs[slot * messages + sequence] = (log.dueUs[sequence] ?? 0) + us;
    }
  }
  return log;
}

it('puts a delivery into the slice in which its message was due, however late it came', () => {
  const schedule = scheduleOf(0, SLICE_US - 1, SLICE_US, 19.5 * SLICE_US);
  const log = logOf(schedule, [
    [9_999, 100, 300, 900_000, 7],
    [9_999, 200, 400, 10, 9],
  ]);
  const { count, sumUs, maxUs } = latencyOverTime(log, schedule, DURATION_MS);
  expect(count).toEqual([4, 2, ...new Array(SLICES - 3).fill(0), 2]);
  expect(sumUs).toEqual([1_000, 900_010, ...new Array(SLICES - 3).fill(0), 16]);
  expect(maxUs).toEqual([400, 900_000, ...new Array(SLICES - 3).fill(0), 9]);
});

it('leaves out what never came, and the warm-up', () => {
  const schedule = scheduleOf(SLICE_US / 2);
  const log = logOf(schedule, [
    [1, Number.NaN],
    [1, 50],
  ]);
  const { count, maxUs } = latencyOverTime(log, schedule, DURATION_MS);
  expect([count[0], maxUs[0]]).toEqual([1, 50]);
  expect(count.slice(1).every((one) => one === 0)).toBe(true);
});

it('a message due at the very end is in the last slice', () => {
  const schedule = scheduleOf(DURATION_MS * 1_000);
  expect(
    latencyOverTime(
      logOf(schedule, [
        [1, 5],
        [1, 5],
      ]),
      schedule,
      DURATION_MS,
    ).count.at(-1),
  ).toBe(2);
});
