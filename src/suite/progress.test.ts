import { expect, it } from 'vitest';
import { makeSchedule } from '../load/schedule.js';
import type { WorkerProgress } from '../protocol/messages.js';
import { WORKLOAD } from '../testing/measurement.js';
import { ProgressSum } from './progress.js';

/** 100 messages in the warm-up and 200 in the window; 10 clients in 4 channels: 3, 3, 2 and 2. */
const workload = { ...WORKLOAD, clients: 10, channels: 4, ratePerSecond: 100, warmupMs: 1_000, durationMs: 2_000 };
const schedule = makeSchedule(1, workload);

function progressOf(received: number, changes: Partial<WorkerProgress> = {}): WorkerProgress {
  return {
    connected: 5,
    published: { warmup: 100, window: 10 },
    received: { warmup: 1_000, window: received },
    p50Us: null,
    p99Us: null,
    ...changes,
  };
}

it('sums what each worker said last, of the window; latency is the probe’s', () => {
  const sum = new ProgressSum(schedule, workload);
  sum.note(1, progressOf(20, { p50Us: 900, p99Us: 9_000 }));
  sum.note(0, progressOf(1));
  expect(sum.now).toMatchObject({ connected: 10, published: 20, delivered: 21, p50Us: null, p99Us: null });
  sum.note(0, progressOf(3, { p50Us: 100, p99Us: 200 }));
  expect(sum.now).toMatchObject({ connected: 10, published: 20, delivered: 23, p50Us: 100, p99Us: 200 });
});

it('before anyone has spoken is nothing, of all deliveries that the window will make', () => {
  const inWindow = [...schedule.channel.subarray(schedule.warmupCount)];
  const expected = inWindow.reduce((sum, channel) => sum + (channel < 2 ? 3 : 2), 0);
  expect(new ProgressSum(schedule, workload).now).toEqual({
    connected: 0,
    published: 0,
    delivered: 0,
    expected,
    p50Us: null,
    p99Us: null,
  });
});
