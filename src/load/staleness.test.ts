import { describe, expect, it } from 'vitest';
import { LatencyHistogram } from '../metrics/histogram.js';
import type { Staleness } from '../metrics/tally.js';
import { randomStream } from '../random.js';
import type { Workload } from '../scenario/scenario.js';
import { nextPollMs } from '../transports/short-polling/poll-times.js';
import { BodyMaker } from './body.js';
import { Recorder } from './recorder.js';
import { makeSchedule, type Schedule } from './schedule.js';
import { stalenessOf } from './staleness.js';

const WORKLOAD: Workload = {
  clients: 1,
  publish: 'server',
  channels: 1,
  ratePerSecond: 50,
  sizeBytes: 64,
  payload: 'text',
  arrivals: 'poisson',
  uplink: null,
  warmupMs: 2_000,
  durationMs: 400_000,
};
const RATE_PER_MS = WORKLOAD.ratePerSecond / 1_000;
const DELAY_MS = 7;
const INTERVAL_MS = 100;

/** When a message that is sent at this time reaches a client, µs; NaN: never. */
type Arrival = (sentUs: number, slot: number, sequence: number) => number;

const push: Arrival = (sentUs) => sentUs + DELAY_MS * 1_000;

/** A client polls at fixed times with a phase of its own; the answer takes as long as the push. */
function polls(seed: number, intervalMs = INTERVAL_MS): Arrival {
  const draw = randomStream(seed, 'phases of the test');
  const phases = Array.from({ length: 1_000 }, draw);
  return (sentUs, slot) =>
    (nextPollMs({ startMs: 0, intervalMs, phase: phases[slot] ?? 0 }, sentUs / 1_000) + DELAY_MS) * 1_000;
}

interface Measured {
  readonly staleness: Staleness;
  readonly recorder: Recorder;
  readonly schedule: Schedule;
  readonly startUs: { readonly warmup: number; readonly window: number };
}

/** Messages that arrive as told, on a clock that only the test moves; the window begins a pause after the warm-up. */
function measure(
  arrival: Arrival,
  changes: Partial<Workload> = {},
  options = { worstWaitMs: 0, pauseMs: 730, seed: 7 },
): Measured {
  const workload = { ...WORKLOAD, ...changes };
  let nowUs = 0;
  const schedule = makeSchedule(options.seed, workload);
  const clients = Array.from({ length: workload.clients }, (_, client) => client);
  const recorder = new Recorder({
    schedule,
    workload,
    clients,
    clock: { nowUs: () => nowUs },
    keepsServiceLatency: true,
    onAllReceived: () => {},
  });
  const bodies = new BodyMaker(7, workload.sizeBytes, workload.payload);
  const startUs = { warmup: 0, window: (workload.warmupMs + options.pauseMs) * 1_000 };
  const deliveries: { atUs: number; slot: number; body: Uint8Array }[] = [];
  for (const [sequence, offsetUs] of schedule.offsetUs.entries()) {
    const dueUs = offsetUs + (sequence < schedule.warmupCount ? startUs.warmup : startUs.window);
    const body = bodies.make({ publisher: 0, sequence, dueUs, lagUs: 0 });
    for (const slot of clients.keys()) {
      const atUs = arrival(dueUs, slot, sequence);
      if (!Number.isNaN(atUs)) deliveries.push({ atUs, slot, body });
    }
  }
  for (const { atUs, slot, body } of deliveries.sort((a, b) => a.atUs - b.atUs)) {
    nowUs = atUs;
    recorder.onMessage(slot, body);
  }
  const { arrivals } = recorder;
  if (arrivals === null) throw new Error('no arrivals were kept');
  const { worstWaitMs } = options;
  return {
    staleness: stalenessOf({ arrivals, schedule, workload, startUs, worstWaitMs }),
    recorder,
    schedule,
    startUs,
  };
}

function meanMs({ staleness }: Measured): number {
  return (staleness.meanUs ?? Number.NaN) / 1_000;
}

function p99Ms({ staleness }: Measured): number {
  return LatencyHistogram.decode(staleness.histogram ?? '').percentile(99) / 1_000;
}

/** Within a share of the value. */
function expectNear(value: number, exact: number, share: number): void {
  expect(value).toBeGreaterThan(exact * (1 - share));
  expect(value).toBeLessThan(exact * (1 + share));
}

describe('age of what a client holds, against closed forms', () => {
  it('push, periodic: half an interval and the delay; p99 at 0.99 of the interval', () => {
    const measured = measure(push, { arrivals: 'periodic' });
    expect(meanMs(measured)).toBeCloseTo(1 / (2 * RATE_PER_MS) + DELAY_MS, 2);
    expectNear(p99Ms(measured), 0.99 / RATE_PER_MS + DELAY_MS, 0.008);
  });

  it('push, Poisson: 1/r and the delay; p99 by the exponential tail', () => {
    const measured = measure(push);
    expectNear(meanMs(measured), 1 / RATE_PER_MS + DELAY_MS, 0.02);
    expectNear(p99Ms(measured), Math.log(100) / RATE_PER_MS + DELAY_MS, 0.05);
  });

  it('push, Poisson: exactly the area under the sawtooth of these due times', () => {
    const { staleness, schedule, startUs } = measure(push);
    const toMs = WORKLOAD.durationMs;
    // In ms of the schedule, in which the window follows the warm-up without a pause.
    const dueMs = Array.from(schedule.offsetUs, (us, sequence) =>
      sequence < schedule.warmupCount
        ? Math.floor(us) / 1_000 - WORKLOAD.warmupMs
        : (Math.floor(startUs.window + us) - startUs.window) / 1_000,
    );
    const edges = dueMs.map((due) => Math.min(toMs, Math.max(0, due + DELAY_MS))).concat(toMs);
    const area = dueMs.reduce((sum, due, index) => {
      const from = (edges[index] ?? 0) - due;
      const to = (edges[index + 1] ?? 0) - due;
      return sum + (to ** 2 - from ** 2) / 2;
    }, 0);
    expect((staleness.meanUs ?? 0) / 1_000).toBeCloseTo(area / toMs, 2);
    expect(staleness.heldUs).toBeCloseTo(toMs * 1_000, 3);
  });

  // At a poll the newest message is Exp(r) old; from the answer on, which is `delay` later, a whole interval passes.
  it('poll every T, Poisson: T/2 + 1/r + delay; p99 of the sum of a uniform and an exponential time', () => {
    const measured = measure(polls(3), {}, { worstWaitMs: INTERVAL_MS, pauseMs: 730, seed: 7 });
    expectNear(meanMs(measured), INTERVAL_MS / 2 + 1 / RATE_PER_MS + DELAY_MS, 0.02);
    const rT = RATE_PER_MS * INTERVAL_MS;
    expectNear(p99Ms(measured), Math.log((Math.exp(rT) - 1) / (0.01 * rT)) / RATE_PER_MS + DELAY_MS, 0.04);
    expect(measured.staleness.clientUs).toBeCloseTo((WORKLOAD.durationMs - INTERVAL_MS) * 1_000, 3);
  });

  it('poll every T, messages rarer than polls: the same form', () => {
    const rare = { ratePerSecond: 4, durationMs: 2_000_000 };
    const measured = measure(polls(4), rare, { worstWaitMs: INTERVAL_MS, pauseMs: 0, seed: 8 });
    expectNear(meanMs(measured), INTERVAL_MS / 2 + 250 + DELAY_MS, 0.04);
  });

  it('over many short windows: neither the pause before them nor what the warm-up settled shows', () => {
    const meansMs = Array.from({ length: 150 }, (_, seed) =>
      meanMs(
        measure(
          polls(seed),
          { clients: 5, warmupMs: 500, durationMs: 5 * INTERVAL_MS },
          { worstWaitMs: INTERVAL_MS, pauseMs: 300, seed },
        ),
      ),
    );
    const mean = meansMs.reduce((sum, ms) => sum + ms, 0) / meansMs.length;
    expectNear(mean, INTERVAL_MS / 2 + 1 / RATE_PER_MS + DELAY_MS, 0.02);
  });
});

describe('age of what a client holds', () => {
  it('grows while nothing comes: a stall of 1 s in a window of 10 s', () => {
    const windowMs = 10_000;
    const startUs = WORKLOAD.warmupMs * 1_000;
    const stall = { fromUs: startUs + 4_000_000, toUs: startUs + 5_000_000 };
    const stalled: Arrival = (sentUs) =>
      Math.max(sentUs, sentUs >= stall.fromUs && sentUs < stall.toUs ? stall.toUs : 0);
    const changes = { arrivals: 'periodic', durationMs: windowMs, ratePerSecond: 100 } as const;
    const plain = measure((sentUs) => sentUs, changes, { worstWaitMs: 0, pauseMs: 0, seed: 7 });
    const measured = measure(stalled, changes, { worstWaitMs: 0, pauseMs: 0, seed: 7 });
    expect(meanMs(plain)).toBeCloseTo(5, 2);
    // 0.1 of the time the age grows to 1.01 s instead of staying at 5 ms on average.
    expect(meanMs(measured)).toBeCloseTo(5 + (1_010 ** 2 / 2 - 101 * 50) / windowMs, 1);
    expectNear(p99Ms(measured), 910, 0.01);
  });

  it('is not made younger by a message that was overtaken, nor by one that comes again', () => {
    const swapped: Arrival = (sentUs, _slot, sequence) => sentUs + (sequence % 2 === 0 ? 35_000 : 1_000);
    const changes = { arrivals: 'periodic', durationMs: 10_000 } as const;
    const evenLost: Arrival = (sentUs, _slot, sequence) => (sequence % 2 === 0 ? Number.NaN : sentUs + 1_000);
    const options = { worstWaitMs: 0, pauseMs: 0, seed: 7 };
    expect(meanMs(measure(swapped, changes, options))).toBeCloseTo(meanMs(measure(evenLost, changes, options)), 6);
  });

  it('counts from the first message on where nothing was held before', () => {
    const { staleness } = measure((sentUs) => sentUs, {
      arrivals: 'periodic',
      uplink: null,
      ratePerSecond: 1,
      warmupMs: 0,
      durationMs: 4_500,
    });
    expect(staleness).toMatchObject({ clientUs: 4_500_000, heldUs: 4_500_000 });
    const none = measure(() => Number.NaN).staleness;
    expect(none).toMatchObject({ clientUs: 400_000_000, heldUs: 0, meanUs: null });
  });

  it('is each client’s own: of its channel only', () => {
    const changes = { clients: 2, channels: 2, arrivals: 'periodic', durationMs: 40_000 } as const;
    const measured = measure(push, changes);
    // A ticker has its two channels in turn: on each of them messages are two intervals apart.
    expectNear(meanMs(measured), 2 / RATE_PER_MS / 2 + DELAY_MS, 0.05);
    expect(measured.staleness.clientUs).toBe(80_000_000);
  });
});

describe('last recipient of a message', () => {
  const phased = { clients: 9, warmupMs: 0, durationMs: 20_000, arrivals: 'periodic', ratePerSecond: 1_000 } as const;
  const lastMs = ({ recorder }: Measured) =>
    recorder.lastUs.reduce((sum, us) => sum + us, 0) / recorder.lastUs.length / 1_000;

  it('of polls with given phases: T less half the mean of the gap between phases, seen from a random moment', () => {
    const intervalMs = 500;
    const measured = measure(polls(5, intervalMs), phased);
    const draw = randomStream(5, 'phases of the test');
    const phases = Array.from({ length: 1_000 }, draw)
      .slice(0, phased.clients)
      .sort((a, b) => a - b);
    const gaps = phases.map((phase, index) => (phases[index + 1] ?? (phases[0] ?? 0) + 1) - phase);
    const squares = gaps.reduce((sum, gap) => sum + gap ** 2, 0);
    expectNear(lastMs(measured), intervalMs * (1 - squares / 2) + DELAY_MS, 0.002);
  });

  it('of polls with uniform phases of N clients: T·N/(N+1)', () => {
    const means = Array.from({ length: 150 }, (_, seed) =>
      lastMs(measure(polls(seed, 500), { ...phased, durationMs: 500, ratePerSecond: 100 })),
    );
    const mean = means.reduce((sum, ms) => sum + ms, 0) / means.length;
    expectNear(mean, (500 * 9) / 10 + DELAY_MS, 0.015);
  });
});
