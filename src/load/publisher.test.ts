import { expect, test } from 'vitest';
import { HostClock } from '../metrics/clock.js';
import { PunctualWake } from '../metrics/punctual-wake.js';
import { WORKLOAD } from '../testing/measurement.js';
import { VirtualTime } from '../testing/virtual-time.js';
import { oneByOne } from './outlet.js';
import { Publisher } from './publisher.js';
import { makeSchedule } from './schedule.js';

const workload = { ...WORKLOAD, ratePerSecond: 100, warmupMs: 0, durationMs: 1_000 };
const schedule = makeSchedule(1, workload);
const sequences = Int32Array.from(schedule.offsetUs.keys());

test('a publisher that is far behind lets the event loop have its turn, and leaves out nothing', () => {
  const time = new VirtualTime();
  const perTurn: number[] = [];
  const published: number[] = [];
  const publisher = new Publisher({
    schedule,
    sequences,
    clock: time,
    wakeAt: (atUs, callback) => {
      perTurn.push(published.length);
      return time.at(atUs, callback);
    },
    outlet: oneByOne((sequence) => published.push(sequence)),
  });
  time.at(10_000_000, () => publisher.start('window', 0, () => perTurn.push(published.length)));
  time.run();
  expect(perTurn).toEqual([32, 64, 96, 100]);
  expect(published).toEqual([...sequences]);
});

test('a publisher that was stopped publishes nothing more, whenever that was', () => {
  const time = new VirtualTime();
  const published: number[] = [];
  const publisher = new Publisher({
    schedule,
    sequences,
    clock: time,
    wakeAt: time.at,
    outlet: oneByOne((sequence) => published.push(sequence)),
  });
  publisher.start('window', 0, () => expect.fail('it was stopped'));
  const [before = 0, after = 0] = schedule.offsetUs.subarray(49, 51);
  time.at((before + after) / 2, () => publisher.stop());
  time.run();
  expect(published).toHaveLength(50);
});

test('a wake is never called from within the call that asks for it, nor before its time', async () => {
  const clock = new HostClock(process.hrtime.bigint());
  const wakeAt = new PunctualWake(clock).at;
  for (const aheadUs of [-1_000, 0, 300, 3_000]) {
    let within = true;
    const atUs = clock.nowUs() + aheadUs;
    const wokeUs = await new Promise<number>((resolve) => {
      wakeAt(atUs, () => {
        expect(within).toBe(false);
        resolve(clock.nowUs());
      });
      within = false;
    });
    expect(wokeUs).toBeGreaterThanOrEqual(atUs);
  }
});

test('a wake that is taken back does not come', async () => {
  const clock = new HostClock(process.hrtime.bigint());
  const wakeAt = new PunctualWake(clock).at;
  const nowUs = clock.nowUs();
  const cancels = [0, 500, 2_000].map((aheadUs) => wakeAt(nowUs + aheadUs, () => expect.fail('it came')));
  for (const cancel of cancels) cancel();
  await new Promise<void>((resolve) => wakeAt(nowUs + 4_000, resolve));
});

test.each([
  [5, 'nothing to serve', 995],
  // Below 200 µs there are no naps, and every second reading of the clock before is the end of one.
  [50, 'something to serve', 400],
])('looking every %i µs, with %s, is waiting for %i of 1,000 µs', async (turnUs, _what, waitedUs) => {
  let nowUs = -turnUs;
  const wake = new PunctualWake({
    nowUs() {
      nowUs += turnUs;
      return nowUs;
    },
  });
  await new Promise<void>((resolve) => wake.at(995, resolve));
  expect(wake.waitedUs).toBe(waitedUs);
});

test('whoever asks for a wake is not kept by a nap', () => {
  let readings = 0;
  const wake = new PunctualWake({ nowUs: () => readings++ });
  const cancel = wake.at(1_000, () => {});
  // The end of a nap is a second one.
  expect([readings, wake.waitedUs]).toEqual([1, 0]);
  cancel();
});
