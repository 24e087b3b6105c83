import { expect, test } from 'vitest';
import type { WakeAt } from '../metrics/punctual-wake.js';
import { type Envelope, readEnvelope } from '../protocol/envelope.js';
import { decodePublish } from '../protocol/ingress.js';
import { LENGTH_BYTES } from '../transports/tcp/frames.js';
import { BodyMaker } from './body.js';
import { WayInOutlet } from './outlet.js';
import { Publisher } from './publisher.js';
import { channelName, FROM_OUTSIDE, type Schedule } from './schedule.js';

const MAKING_US = 50;

/**
 * Publishes messages that are due at these times from a process in which only getting a message ready takes time. What
 * has been written comes back as soon as the event loop gets its turn. `log`: how many messages each write held, and
 * each time that what came in was handled.
 */
function publish(offsetUs: readonly number[], sizeBytes = 64) {
  let nowUs = 0;
  const log: (number | 'read')[] = [];
  const written: { channel: string; envelope: Envelope; atUs: number }[] = [];
  const turns: (() => void)[] = [];
  class SlowBodies extends BodyMaker {
    override make(envelope: Envelope): Uint8Array {
      nowUs += MAKING_US;
      return super.make(envelope);
    }
  }
  const schedule: Schedule = {
    warmupCount: 0,
    windowCount: offsetUs.length,
    offsetUs: Float64Array.from(offsetUs),
    publisher: new Int32Array(offsetUs.length).fill(FROM_OUTSIDE),
    channel: Int32Array.from(offsetUs, (_, sequence) => sequence % 3),
  };
  const wakeAt: WakeAt = (atUs, callback) => {
    turns.push(() => {
      nowUs = Math.max(nowUs, atUs);
      callback();
    });
    return () => {};
  };
  const publisher = new Publisher({
    schedule,
    sequences: Int32Array.from(offsetUs.keys()),
    clock: { nowUs: () => nowUs },
    wakeAt,
    outlet: new WayInOutlet(schedule, new SlowBodies(1, sizeBytes, 'binary'), (frames) => {
      log.push(frames.length);
      for (const frame of frames) {
        const { channel, body } = decodePublish(frame.subarray(LENGTH_BYTES));
        written.push({ channel, envelope: readEnvelope(body), atUs: nowUs });
      }
      turns.push(() => log.push('read'));
    }),
  });
  publisher.start('window', 0, () => {});
  for (let turn = turns.shift(); turn; turn = turns.shift()) turn();
  return { log, written, publisher };
}

test('what is due at once goes as one write, before anything that has come in is handled', () => {
  const { log, written, publisher } = publish([...Array<number>(40).fill(0), 1_000, 5_000]);
  // The one that fell due meanwhile does not wait either.
  expect(log).toEqual([40, 1, 'read', 'read', 1, 'read']);
  expect(written.map(({ envelope }) => envelope.sequence)).toEqual([...Array(42).keys()]);
  expect(written.every(({ channel, envelope }) => channel === channelName(envelope.sequence % 3))).toBe(true);
  expect(publisher.published.window).toBe(42);
});

test('a message was sent when the whole write was ready, and says so itself', () => {
  const { written, publisher } = publish([...Array<number>(40).fill(0), 1_000, 5_000]);
  for (const { envelope, atUs } of written) expect(envelope.dueUs + envelope.lagUs).toBe(atUs);
  const readyUs = 40 * MAKING_US;
  expect(written.map(({ envelope }) => envelope.lagUs)).toEqual([
    ...Array(40).fill(readyUs),
    readyUs + MAKING_US - 1_000,
    MAKING_US,
  ]);
  const { scheduleLag } = publisher;
  expect(scheduleLag.count).toBe(42);
  expect([scheduleLag.min, scheduleLag.percentile(50)]).toEqual([MAKING_US, scheduleLag.max]);
});

test('more than goes at once leaves the event loop its turns, and nothing out', () => {
  const { log, written } = publish(Array(600).fill(0));
  expect(log).toEqual([256, 'read', 256, 'read', 88, 'read']);
  expect(written.map(({ envelope }) => envelope.sequence)).toEqual([...Array(600).keys()]);
});

test.each([
  [64 * 1024, [4, 4, 1]],
  [300 * 1024, Array(9).fill(1)],
])('of messages of %i bytes, as many go at once as are bounded in memory', (sizeBytes, writes) => {
  const { log } = publish(Array(9).fill(0), sizeBytes);
  expect(log.filter((entry) => entry !== 'read')).toEqual(writes);
});
