import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Workload } from '../scenario/scenario.js';
import { channelOf, makeSchedule } from './schedule.js';
import { makeUplinkSchedule } from './uplink-schedule.js';

const WORKLOAD: Workload = {
  clients: 12,
  publish: 'server',
  channels: 2,
  ratePerSecond: 128,
  sizeBytes: 200,
  payload: 'text',
  arrivals: 'periodic',
  uplink: { kind: 'stream', ratePerSecond: 360, sizeBytes: 64 },
  warmupMs: 1_000,
  durationMs: 2_500,
};

describe('makeUplinkSchedule', () => {
  test('has rate × duration messages, each of a client of its channel, in order, within its phase', () => {
    const arrivals = fc.constantFrom('poisson' as const, 'periodic' as const, { meanSize: 3 });
    fc.assert(
      fc.property(fc.integer(), arrivals, (seed, how) => {
        const workload = { ...WORKLOAD, arrivals: how };
        const { warmupCount, windowCount, offsetUs, publisher, channel } = makeUplinkSchedule(seed, workload);
        expect([warmupCount, windowCount]).toEqual([360, 900]);
        const window = [...offsetUs.subarray(warmupCount)];
        expect(window).toEqual([...window].sort((a, b) => a - b));
        expect(window.every((us) => us >= 0 && us < 2_500_000)).toBe(true);
        expect(publisher.every((client, at) => client >= 0 && channelOf(client, workload) === channel[at])).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test('is a function of the seed', () => {
    expect(makeUplinkSchedule(5, WORKLOAD)).toEqual(makeUplinkSchedule(5, WORKLOAD));
    expect(makeUplinkSchedule(5, WORKLOAD).publisher).not.toEqual(makeUplinkSchedule(6, WORKLOAD).publisher);
  });

  test('at random times its times are not those of what is published', () => {
    const workload = { ...WORKLOAD, arrivals: 'poisson' as const, ratePerSecond: 360 };
    const published = new Set(makeSchedule(5, workload).offsetUs);
    expect([...makeUplinkSchedule(5, workload).offsetUs].filter((us) => published.has(us))).toEqual([]);
  });

  test('at even times each client is a ticker, out of step with what is published', () => {
    const { warmupCount, offsetUs, publisher } = makeUplinkSchedule(5, WORKLOAD);
    for (let client = 0; client < WORKLOAD.clients; client++) {
      const own = [...offsetUs.subarray(warmupCount)].filter((_, at) => publisher[warmupCount + at] === client);
      expect(own).toHaveLength(75);
      for (const [at, us] of own.slice(1).entries()) expect(us - (own[at] ?? 0)).toBeCloseTo(1_000_000 / 30, 3);
    }
    expect(offsetUs[warmupCount]).toBeGreaterThan(0);
    expect(offsetUs[warmupCount]).toBeLessThan(1_000_000 / 360);
  });

  test('in turns it keeps to them', () => {
    const workload = { ...WORKLOAD, arrivals: 'poisson' as const, warmupMs: 2_000, durationMs: 5_000 };
    const schedule = makeUplinkSchedule(3, workload, { index: 1, of: 2, sliceMs: 50 });
    const window = [...schedule.offsetUs.subarray(schedule.warmupCount)];
    expect(window.every((us) => Math.floor(us / 50_000) % 2 === 1)).toBe(true);
  });

  test('is empty where clients acknowledge, or send nothing', () => {
    for (const uplink of [null, { kind: 'acknowledgements' as const, sizeBytes: 48 }]) {
      expect(makeUplinkSchedule(5, { ...WORKLOAD, uplink }).offsetUs).toHaveLength(0);
    }
  });
});
