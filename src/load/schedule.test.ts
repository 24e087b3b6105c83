import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Workload } from '../scenario/scenario.js';
import { channelName, channelOf, FROM_OUTSIDE, makeSchedule } from './schedule.js';

const WORKLOAD: Workload = {
  clients: 10,
  publish: 'server',
  channels: 1,
  ratePerSecond: 120,
  sizeBytes: 200,
  payload: 'text',
  arrivals: 'poisson',
  uplink: null,
  warmupMs: 1_000,
  durationMs: 2_500,
};

const workloads = fc.record({
  clients: fc.integer({ min: 1, max: 500 }),
  publish: fc.constantFrom('server' as const, 'clients' as const),
  channels: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constant('private' as const)),
  ratePerSecond: fc.double({ min: 0.1, max: 2_000, noNaN: true }),
  sizeBytes: fc.constant(200),
  payload: fc.constant('text' as const),
  arrivals: fc.oneof(
    fc.constantFrom('poisson' as const, 'periodic' as const),
    fc.record({ meanSize: fc.double({ min: 1, max: 100, noNaN: true }) }),
  ),
  uplink: fc.constant(null),
  warmupMs: fc.integer({ min: 0, max: 2_000 }),
  durationMs: fc.integer({ min: 1, max: 5_000 }),
});

describe('makeSchedule', () => {
  test('publishes rate × duration messages, whatever the seed: 300 in the default window', () => {
    for (const seed of [1, 2, 3, 4_000_000_000]) {
      const { warmupCount, windowCount } = makeSchedule(seed, WORKLOAD);
      expect([warmupCount, windowCount]).toEqual([120, 300]);
    }
  });

  test('is a function of the seed', () => {
    expect(makeSchedule(5, WORKLOAD)).toEqual(makeSchedule(5, WORKLOAD));
    expect(makeSchedule(5, WORKLOAD).offsetUs).not.toEqual(makeSchedule(6, WORKLOAD).offsetUs);
  });

  test('in turns a run publishes as much as alone, in its own turns, and two runs never at once', () => {
    for (const arrivals of ['poisson', 'periodic'] as const) {
      const workload = { ...WORKLOAD, arrivals, ratePerSecond: 60, warmupMs: 2_000, durationMs: 5_000 };
      const windows = [0, 1].map((index) => {
        const schedule = makeSchedule(3, workload, { index, of: 2, sliceMs: 50 });
        expect(schedule.windowCount).toBe(300);
        return schedule.offsetUs.subarray(schedule.warmupCount);
      });
      for (const [index, offsetsUs] of windows.entries()) {
        expect([...offsetsUs].every((offsetUs) => Math.floor(offsetUs / 50_000) % 2 === index)).toBe(true);
        expect([...offsetsUs]).toEqual([...offsetsUs].sort((a, b) => a - b));
      }
    }
  });

  test('due times lie in their phase, in order; every message has a channel, and a publisher of that channel', () => {
    fc.assert(
      fc.property(fc.integer(), workloads, (seed, workload) => {
        const schedule = makeSchedule(seed, workload);
        const phases = [
          [schedule.offsetUs.subarray(0, schedule.warmupCount), workload.warmupMs],
          [schedule.offsetUs.subarray(schedule.warmupCount), workload.durationMs],
        ] as const;
        for (const [offsets, durationMs] of phases) {
          // A periodic phase that is no whole number of periods ends within half a period of its last message.
          const latestUs = durationMs * 1_000 + 500_000 / workload.ratePerSecond;
          expect(offsets.every((offsetUs, index) => offsetUs >= (offsets[index - 1] ?? 0))).toBe(true);
          expect(offsets.every((offsetUs) => offsetUs <= latestUs)).toBe(true);
        }
        const fitting = schedule.publisher.every((publisher, seq) =>
          workload.publish === 'server'
            ? publisher === FROM_OUTSIDE
            : publisher < workload.clients && channelOf(publisher, workload) === schedule.channel[seq],
        );
        expect(fitting).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test('Poisson arrivals: gaps are exponential (mean 1/rate, as many above it as e^-1 says)', () => {
    const { offsetUs } = makeSchedule(3, { ...WORKLOAD, ratePerSecond: 1_000, warmupMs: 0, durationMs: 60_000 });
    const gaps = Array.from(offsetUs.subarray(1), (at, index) => at - (offsetUs[index] ?? 0));
    const above = gaps.filter((gap) => gap > 1_000).length / gaps.length;
    expect(above).toBeGreaterThan(Math.exp(-1) - 0.01);
    expect(above).toBeLessThan(Math.exp(-1) + 0.01);
  });

  test('bursts: so many as their mean size says, each due at once in one channel, geometric in size', () => {
    const workload = { ...WORKLOAD, channels: 4, ratePerSecond: 1_000, arrivals: { meanSize: 5 } };
    const { offsetUs, channel } = makeSchedule(3, { ...workload, warmupMs: 0, durationMs: 60_000 });
    const sizes = new Map<number, number>();
    const channels = new Map<number, Set<number | undefined>>();
    for (const [seq, atUs] of offsetUs.entries()) {
      sizes.set(atUs, (sizes.get(atUs) ?? 0) + 1);
      channels.set(atUs, (channels.get(atUs) ?? new Set()).add(channel[seq]));
    }
    expect(sizes.size).toBe(12_000);
    expect([...channels.values()].every((some) => some.size === 1)).toBe(true);
    // Geometric with mean 5: one in five is a single message.
    const single = [...sizes.values()].filter((size) => size === 1).length / sizes.size;
    expect(single).toBeGreaterThan(0.19);
    expect(single).toBeLessThan(0.21);
    const gaps = [...sizes.keys()].map((atUs, index, all) => atUs - (all[index - 1] ?? 0));
    // As of a Poisson process, of 200 bursts a second.
    const above = gaps.filter((gap) => gap > 5_000).length / gaps.length;
    expect(above).toBeGreaterThan(Math.exp(-1) - 0.015);
    expect(above).toBeLessThan(Math.exp(-1) + 0.015);
  });

  test('bursts of one are single messages', () => {
    const { offsetUs } = makeSchedule(3, { ...WORKLOAD, arrivals: { meanSize: 1 } });
    expect(new Set(offsetUs).size).toBe(offsetUs.length);
  });

  test('a ticker on several channels is one on each of them', () => {
    const { channel } = makeSchedule(1, { ...WORKLOAD, channels: 3, clients: 6, arrivals: 'periodic', warmupMs: 0 });
    expect([...channel.subarray(0, 7)]).toEqual([0, 1, 2, 0, 1, 2, 0]);
  });

  test('the server may publish to single clients', () => {
    const { channel } = makeSchedule(1, { ...WORKLOAD, channels: 'private', clients: 20 });
    expect(new Set(channel).size).toBe(20);
  });

  test('periodic arrivals are evenly spaced', () => {
    const { offsetUs } = makeSchedule(1, { ...WORKLOAD, arrivals: 'periodic', warmupMs: 0, ratePerSecond: 4 });
    expect([...offsetUs]).toEqual([
      0, 250_000, 500_000, 750_000, 1_000_000, 1_250_000, 1_500_000, 1_750_000, 2_000_000, 2_250_000,
    ]);
  });
});

test('channel names have one width', () => {
  expect([0, 7, 12_345].map(channelName)).toEqual(['c00000', 'c00007', 'c12345']);
});
