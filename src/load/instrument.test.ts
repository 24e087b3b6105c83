import { describe, expect, test } from 'vitest';
import { LatencyHistogram } from '../metrics/histogram.js';
import type { WakeAt } from '../metrics/punctual-wake.js';
import type { Workload } from '../scenario/scenario.js';
import { VirtualTime } from '../testing/virtual-time.js';
import { BodyMaker } from './body.js';
import { oneByOne } from './outlet.js';
import { Publisher } from './publisher.js';
import { Recorder } from './recorder.js';
import { makeSchedule } from './schedule.js';

const WORKLOAD: Workload = {
  clients: 3,
  publish: 'server',
  channels: 1,
  ratePerSecond: 100,
  sizeBytes: 64,
  payload: 'text',
  arrivals: 'periodic',
  uplink: null,
  warmupMs: 1_000,
  durationMs: 10_000,
};

interface Technique {
  /** When a message that is sent at this time reaches the clients, µs; several: it comes several times; none: lost. */
  arrivals(sentUs: number, sequence: number): readonly number[];
}

/** The publish → technique → record path on a clock that only the test moves. */
function measure(technique: Technique, workload = WORKLOAD, lateWake?: (time: VirtualTime) => WakeAt) {
  const time = new VirtualTime();
  const schedule = makeSchedule(7, workload);
  const clients = Array.from({ length: workload.clients }, (_, client) => client);
  const recorder = new Recorder({
    schedule,
    workload,
    clients,
    clock: time,
    keepsServiceLatency: true,
    onAllReceived: () => {},
  });
  const bodies = new BodyMaker(7, workload.sizeBytes, workload.payload);
  const publisher = new Publisher({
    schedule,
    sequences: Int32Array.from(schedule.offsetUs.keys()),
    clock: time,
    wakeAt: lateWake?.(time) ?? time.at,
    outlet: oneByOne((sequence, dueUs, lagUs) => {
      const body = bodies.make({ publisher: 0, sequence, dueUs, lagUs });
      for (const atUs of technique.arrivals(time.nowUs(), sequence)) {
        time.at(atUs, () => {
          for (const slot of clients.keys()) recorder.onMessage(slot, body);
        });
      }
    }),
  });
  publisher.start('warmup', 0, () => {
    const windowUs = workload.warmupMs * 1_000;
    time.at(windowUs, () => publisher.start('window', windowUs, () => {}));
  });
  time.run();
  return { recorder, publisher, schedule };
}

/** The histogram of latencies that arithmetic predicts; equal percentiles of two histograms are equal to the bucket. */
function predicted(latenciesUs: readonly number[], times: number): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const us of latenciesUs) for (let i = 0; i < times; i++) histogram.record(us);
  return histogram;
}

const PERCENTILES = [0, 25, 50, 75, 90, 95, 99, 99.9, 100];

function expectSame(measured: LatencyHistogram, arithmetic: LatencyHistogram): void {
  expect(measured.count).toBe(arithmetic.count);
  for (const percentile of PERCENTILES) {
    expect([percentile, measured.percentile(percentile)]).toEqual([percentile, arithmetic.percentile(percentile)]);
  }
}

/** Due times of the window's messages after its start, µs: one each 10 ms. */
const DUE_US = Array.from({ length: 1_000 }, (_, index) => index * 10_000);

describe('on a clock of the test', () => {
  test('a technique that takes 5 ms is measured at 5 ms', () => {
    const { recorder } = measure({ arrivals: (sentUs) => [sentUs + 5_000] });
    expectSame(recorder.latency, predicted(Array(1_000).fill(5_000), 3));
    expect(recorder.latency.percentile(50)).toBeGreaterThanOrEqual(5_000);
    expect(recorder.latency.percentile(100)).toBeLessThan(5_005);
  });

  test('a technique whose delay grows gives each percentile that arithmetic predicts', () => {
    const delayUs = (sequence: number) => 1_000 + (sequence % 1_000) * 37;
    const { recorder, schedule } = measure({ arrivals: (sentUs, sequence) => [sentUs + delayUs(sequence)] });
    const latencies = DUE_US.map((_, index) => delayUs(index + schedule.warmupCount));
    expectSame(recorder.latency, predicted(latencies, 3));
    // Of 1,000 delays in steps of 37 µs, half are at most 1,000 + 499 × 37.
    expect(recorder.latency.percentile(50)).toBeCloseTo(19_463, -2);
  });

  test('a stall of the technique of 1 s in a window of 10 s: p95 near 0.5 s, p99 near 0.9 s', () => {
    const stall = { fromUs: 4_000_000, toUs: 5_000_000 };
    const releasedUs = (sentUs: number) => (sentUs >= stall.fromUs && sentUs < stall.toUs ? stall.toUs : sentUs);
    const { recorder } = measure({ arrivals: (sentUs) => [releasedUs(sentUs) + 500] });
    const windowUs = WORKLOAD.warmupMs * 1_000;
    const latencies = DUE_US.map((dueUs) => releasedUs(dueUs + windowUs) + 500 - (dueUs + windowUs));
    expectSame(recorder.latency, predicted(latencies, 3));
    expect(recorder.latency.percentile(50)).toBe(500);
    // The 100 messages due in the stall wait 10 ms, 20 ms … 1 s; the 5 % that wait longest wait more than 0.5 s.
    expect(recorder.latency.percentile(95)).toBeCloseTo(500_500, -3);
    expect(recorder.latency.percentile(99)).toBeCloseTo(900_500, -3);
    expect(recorder.latency.max).toBeCloseTo(1_000_500, -3);
  });

  test('the same stall under a poll each 500 ms: polls sent in it are answered at its end', () => {
    const intervalUs = 500_000;
    const phaseUs = 120_000;
    const stall = { fromUs: 4_000_000, toUs: 5_000_000 };
    const answeredUs = (sentUs: number) => {
      const pollUs = phaseUs + Math.ceil((sentUs - phaseUs) / intervalUs) * intervalUs;
      return pollUs >= stall.fromUs && pollUs < stall.toUs ? stall.toUs : pollUs;
    };
    const { recorder } = measure({ arrivals: (sentUs) => [answeredUs(sentUs)] });
    const windowUs = WORKLOAD.warmupMs * 1_000;
    const latencies = DUE_US.map((dueUs) => answeredUs(dueUs + windowUs) - (dueUs + windowUs));
    expectSame(recorder.latency, predicted(latencies, 3));
    // The last poll in the stall comes 0.38 s before its end: a second's messages wait evenly from 0.38 s to 1.37 s.
    expect(Math.round(recorder.latency.percentile(95) / 10_000)).toBe(87);
    expect(Math.round(recorder.latency.percentile(99) / 10_000)).toBe(127);
  });

  test('a publisher that stalls shows in the latency, not in the service latency, and as lag', () => {
    const stall = { fromUs: 4_000_000, toUs: 4_500_000 };
    const lateWake =
      (time: VirtualTime): WakeAt =>
      (atUs, callback) =>
        time.at(atUs >= stall.fromUs && atUs < stall.toUs ? stall.toUs : atUs, callback);
    const { recorder, publisher } = measure({ arrivals: (sentUs) => [sentUs + 500] }, WORKLOAD, lateWake);
    const windowUs = WORKLOAD.warmupMs * 1_000;
    const lags = DUE_US.map((dueUs) => {
      const atUs = dueUs + windowUs;
      return atUs >= stall.fromUs && atUs < stall.toUs ? stall.toUs - atUs : 0;
    });
    expectSame(
      recorder.latency,
      predicted(
        lags.map((lagUs) => lagUs + 500),
        3,
      ),
    );
    expectSame(recorder.serviceLatency, predicted(Array(1_000).fill(500), 3));
    expectSame(publisher.scheduleLag, predicted(lags, 1));
  });

  test('dropped, repeated and swapped messages are counted exactly, those of the warm-up apart', () => {
    const { recorder, schedule } = measure({
      arrivals(sentUs, sequence) {
        if (sequence % 50 === 0) return [];
        if (sequence % 40 === 1) return [sentUs + 100, sentUs + 200, sentUs + 300];
        // Later than the one behind it, which comes 10 ms after.
        if (sequence % 30 === 2) return [sentUs + 15_000];
        return [sentUs + 100];
      },
    });
    const sequences = Array.from({ length: schedule.windowCount }, (_, index) => index + schedule.warmupCount);
    const count = (matches: (sequence: number) => boolean) => sequences.filter(matches).length * WORKLOAD.clients;
    const dropped = count((sequence) => sequence % 50 === 0);
    const repeated = count((sequence) => sequence % 50 !== 0 && sequence % 40 === 1);
    const swapped = count((sequence) => {
      const late = sequence % 50 !== 0 && sequence % 40 !== 1 && sequence % 30 === 2;
      return late && (sequence + 1) % 50 !== 0 && (sequence + 1) % 40 !== 1;
    });
    expect(dropped).toBe(60);
    expect(recorder.delivery).toEqual({
      expected: 3_000,
      delivered: 3_000 - dropped,
      lost: dropped,
      duplicated: 2 * repeated,
      reordered: swapped,
    });
  });

  test('first and last recipient of each message', () => {
    const time = new VirtualTime();
    const schedule = makeSchedule(7, WORKLOAD);
    const recorder = new Recorder({
      schedule,
      workload: WORKLOAD,
      clients: [0, 1, 2],
      clock: time,
      keepsServiceLatency: true,
      onAllReceived: () => {},
    });
    const sequence = schedule.warmupCount;
    const body = new BodyMaker(7, 64, 'text').make({ publisher: 0, sequence, dueUs: 1_000, lagUs: 0 });
    for (const [slot, atUs] of [
      [1, 4_000],
      [0, 6_000],
      [2, 9_000],
    ] as const) {
      time.at(atUs, () => recorder.onMessage(slot, body));
    }
    time.run();
    expect([recorder.firstUs[0], recorder.lastUs[0], recorder.firstUs[1]]).toEqual([3_000, 8_000, -1]);
    expect(recorder.publishesReceived).toBe(1);
  });

  test('what is no message of the run, or was not for that client, is foreign', () => {
    const workload: Workload = { ...WORKLOAD, publish: 'clients', channels: 'private' };
    const schedule = makeSchedule(7, workload);
    const time = new VirtualTime();
    const recorder = new Recorder({
      schedule,
      workload,
      clients: [0, 1, 2],
      clock: time,
      keepsServiceLatency: true,
      onAllReceived: () => {},
    });
    const bodies = new BodyMaker(7, 64, 'text');
    const owner = schedule.publisher[0] ?? 0;
    const body = bodies.make({ publisher: owner, sequence: 0, dueUs: 0, lagUs: 0 });
    recorder.onMessage((owner + 1) % 3, body);
    recorder.onMessage(owner, body.subarray(0, 63));
    recorder.onMessage(owner, new TextEncoder().encode('x'.repeat(64)));
    recorder.onMessage(owner, bodies.make({ publisher: 0, sequence: 1e9, dueUs: 0, lagUs: 0 }));
    expect(recorder.foreign).toBe(4);
    expect(recorder.received).toEqual({ warmup: 0, window: 0 });
  });
});
