import { expect, it } from 'vitest';
import { makeSchedule } from '../load/schedule.js';
import type { LatencyOutline } from '../metrics/histogram.js';
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
    latency: null,
    ...changes,
  };
}

const outline = (p50Us: number): LatencyOutline => ({
  minUs: 1,
  p50Us,
  p90Us: p50Us,
  p99Us: p50Us,
  maxUs: p50Us,
  counts: [],
});

it('sums what each worker said last, of the window; latency is the probe’s', () => {
  const sum = new ProgressSum(schedule, workload);
  sum.note(1, progressOf(20, { latency: outline(900) }));
  sum.note(0, progressOf(1));
  expect(sum.take()).toMatchObject({ connected: 10, published: 20, delivered: 21, latency: null });
  sum.note(0, progressOf(3, { latency: outline(100) }));
  expect(sum.take()).toMatchObject({ connected: 10, published: 20, delivered: 23, latency: { p50Us: 100 } });
});

it('before anyone has spoken is nothing, of all deliveries that the window will make', () => {
  const inWindow = [...schedule.channel.subarray(schedule.warmupCount)];
  const expected = inWindow.reduce((sum, channel) => sum + (channel < 2 ? 3 : 2), 0);
  expect(new ProgressSum(schedule, workload).take()).toEqual({
    connected: 0,
    published: 0,
    delivered: 0,
    expected,
    latency: null,
    serverCpuShare: null,
  });
});

it("the server's CPU is that between two looks, and none where one of them saw nothing or another server", () => {
  const readings = [
    { atUs: 0, cpuUs: 1_000 },
    { atUs: 500_000, cpuUs: 126_000 },
    null,
    { atUs: 1_500_000, cpuUs: 300_000 },
    { atUs: 2_000_000, cpuUs: 5_000 },
    { atUs: 2_500_000, cpuUs: 505_000 },
  ];
  const sum = new ProgressSum(schedule, workload, () => readings.shift() ?? null);
  const shares = Array.from({ length: 6 }, () => sum.take().serverCpuShare);
  expect(shares).toEqual([null, 0.25, null, null, null, 1]);
});
