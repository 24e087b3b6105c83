import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { sampleProcess } from './process-sample.js';

it('tells the time of the clock it is given', () => {
  expect(sampleProcess({ nowUs: () => 1_234.5 }).atUs).toBe(1_234.5);
});

it('counts CPU, idle and active time since the process started, which never shrink', async () => {
  const clock = { nowUs: () => 0 };
  const before = sampleProcess(clock);
  gzipSync(Buffer.alloc(4 * 1024 * 1024, 'work to do '));
  // Turns of the event loop, so that it has both waited and worked in between.
  await new Promise((resolve) => setTimeout(resolve, 5));
  const after = sampleProcess(clock);
  expect(before.cpuUs).toBeGreaterThan(0);
  expect(after.cpuUs).toBeGreaterThan(before.cpuUs);
  expect(after.loopActiveMs).toBeGreaterThan(before.loopActiveMs);
  expect(after.loopIdleMs).toBeGreaterThanOrEqual(before.loopIdleMs);
});

it('agrees with the process about its memory to the order of magnitude', () => {
  const { rssBytes } = sampleProcess({ nowUs: () => 0 });
  expect(rssBytes).toBeGreaterThan(process.memoryUsage().heapUsed);
  expect(rssBytes).toBeLessThan(64 * 1024 ** 3);
});
