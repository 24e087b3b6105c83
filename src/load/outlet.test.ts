import { expect, test } from 'vitest';
import type { WakeAt } from '../metrics/punctual-wake.js';
import { type Envelope, readEnvelope } from '../protocol/envelope.js';
import { decodePublish } from '../protocol/ingress.js';
import { WORKLOAD } from '../testing/measurement.js';
import { LENGTH_BYTES } from '../transports/tcp/frames.js';
import { BodyMaker } from './body.js';
import { WayInOutlet } from './outlet.js';
import { Publisher } from './publisher.js';
import { Recorder } from './recorder.js';
import { channelName, FROM_OUTSIDE, type Schedule } from './schedule.js';

const MAKING_US = 50;
const READING_US = 30;

/**
 * Publishes messages that are due at these times from a process in which only getting a message ready takes time. What
 * has been written comes back as soon as the event loop gets its turn, to a client that is told each message by a
 * library that takes its time. `log`: how many messages each write held, and how many were read without a break.
 */
function publish(offsetUs: readonly number[], sizeBytes = 64) {
  let nowUs = 0;
  const clock = { nowUs: () => nowUs };
  const log: [what: 'write' | 'read', messages: number][] = [];
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
    channel: new Int32Array(offsetUs.length),
  };
  const recorder = new Recorder({
    schedule,
    workload: { ...WORKLOAD, sizeBytes },
    clients: [0],
    clock,
    keepsServiceLatency: true,
    onAllReceived: () => {},
    onClock: (atUs) => publisher.catchUp(atUs),
  });
  const read = (body: Uint8Array) => {
    nowUs += READING_US;
    const last = log.at(-1);
    if (last?.[0] === 'read') last[1]++;
    else log.push(['read', 1]);
    recorder.onMessage(0, body);
  };
  const wakeAt: WakeAt = (atUs, callback) => {
    const turn = () => {
      nowUs = Math.max(nowUs, atUs);
      callback();
    };
    turns.push(turn);
    return () => {
      const index = turns.indexOf(turn);
      if (index >= 0) turns.splice(index, 1);
    };
  };
  const publisher = new Publisher({
    schedule,
    sequences: Int32Array.from(offsetUs.keys()),
    clock,
    wakeAt,
    outlet: new WayInOutlet(schedule, new SlowBodies(1, sizeBytes, 'binary'), (frames) => {
      log.push(['write', frames.length]);
      const messages = frames.map((frame) => decodePublish(frame.subarray(LENGTH_BYTES)));
      for (const { channel, body } of messages) written.push({ channel, envelope: readEnvelope(body), atUs: nowUs });
      // Before whoever waits for a time: sockets are served in every turn.
      turns.unshift(() => {
        for (const { body } of messages) read(body);
      });
    }),
  });
  publisher.start('window', 0, () => {});
  for (let turn = turns.shift(); turn; turn = turns.shift()) turn();
  return { log, written, publisher };
}

const burst = (messages: number) => Array<number>(messages).fill(0);

test('what is due at once goes as one write, before anything that has come in is handled', () => {
  // The one that fell due while the others were made ready does not wait either.
  const { log, written, publisher } = publish([...burst(40), 1_000]);
  expect(log).toEqual([
    ['write', 40],
    ['write', 1],
    ['read', 41],
  ]);
  expect(written.map(({ envelope }) => envelope.sequence)).toEqual([...Array(41).keys()]);
  expect(written.every(({ channel }) => channel === channelName(0))).toBe(true);
  expect(publisher.published.window).toBe(41);
});

test('what falls due while messages are read goes between two of them', () => {
  const dueUs = 40 * MAKING_US + 10 * READING_US - 5;
  const { log, written } = publish([...burst(40), dueUs]);
  expect(log).toEqual([
    ['write', 40],
    ['read', 10],
    ['write', 1],
    ['read', 31],
  ]);
  expect(written.at(-1)?.envelope.lagUs).toBe(5 + MAKING_US);
});

test('a message was sent when the whole write was ready, and says so itself', () => {
  const { written, publisher } = publish([...burst(40), 1_000, 5_000]);
  for (const { envelope, atUs } of written) expect(envelope.dueUs + envelope.lagUs).toBe(atUs);
  const readyUs = 40 * MAKING_US;
  const lagsUs = [...Array<number>(40).fill(readyUs), readyUs + MAKING_US - 1_000, MAKING_US];
  expect(written.map(({ envelope }) => envelope.lagUs)).toEqual(lagsUs);
  const { scheduleLag } = publisher;
  expect(scheduleLag.count).toBe(42);
  expect([scheduleLag.min, scheduleLag.percentile(50)]).toEqual([MAKING_US, scheduleLag.max]);
});

test('more than goes at once leaves the event loop its turns, and nothing out', () => {
  const { log, written } = publish(burst(600));
  expect(log).toEqual(
    [256, 256, 88].flatMap((messages) => [
      ['write', messages],
      ['read', messages],
    ]),
  );
  expect(written.map(({ envelope }) => envelope.sequence)).toEqual([...Array(600).keys()]);
});

test.each([
  [64 * 1024, [4, 4, 1]],
  [300 * 1024, Array(9).fill(1)],
])('of messages of %i bytes, as many go at once as are bounded in memory', (sizeBytes, writes) => {
  const { log } = publish(burst(9), sizeBytes);
  expect(log.filter(([what]) => what === 'write').map(([, messages]) => messages)).toEqual(writes);
});
