import { describe, expect, it } from 'vitest';
import type { Gap } from '../metrics/gap-watch.js';
import { MACHINE, PROBE, PUSH, serverOf, WINDOW, WORKLOAD, worker } from '../testing/measurement.js';
import type { RoundMeasurement, WorkerMeasurement } from './round-measurement.js';
import { stallsOf } from './stalls.js';

/** The window begins at 1 s, lasts 2 s and has a message due each 5 ms; drained at 3.1 s. */
function measurement(gaps: readonly Gap[], workers: readonly WorkerMeasurement[] = [PROBE]): RoundMeasurement {
  const server = serverOf(PUSH);
  return {
    round: 0,
    row: PUSH,
    workload: WORKLOAD,
    due: WINDOW.dueOffsetsUs.length,
    clocksNest: true,
    warmupSettled: true,
    server: { ...server, drained: { ...server.drained, gaps } },
    workers,
    stamps: null,
    machine: MACHINE,
    network: null,
    window: WINDOW,
  };
}

function gap(fromMs: number, toMs: number, busyShare = 0): Gap {
  return { fromUs: fromMs * 1_000, toUs: toMs * 1_000, busyShare };
}

function stalled(role: 'probe' | 'crowd', ...stalls: Gap[]): WorkerMeasurement {
  return worker(role, { stalls });
}

describe('a gap at the server', () => {
  it('is a stall from the first message on that was due in it', () => {
    expect(stallsOf(measurement([gap(1_502, 2_502)]))).toEqual([
      { process: 'server', atMs: 505, forMs: 997, busy: false },
    ]);
  });

  it.each([
    ['shorter than 100 ms from the first message due on', [gap(1_506, 1_609)]],
    ['before the window', [gap(200, 900)]],
    ['from before the window to its first message', [gap(200, 1_000)]],
    ['after the last message', [gap(2_996, 3_900)]],
    ['of less than 500 ms of work in one go', [gap(1_500, 1_999, 0.9)]],
  ])('is none: %s', (_what, gaps) => {
    expect(stallsOf(measurement(gaps))).toEqual([]);
  });

  it('that begins before the window counts from its first message', () => {
    expect(stallsOf(measurement([gap(200, 1_300)]))).toMatchObject([{ atMs: 0, forMs: 300 }]);
  });

  it('filled with work is told when it is long', () => {
    expect(stallsOf(measurement([gap(1_500, 2_100, 0.9)]))).toMatchObject([{ forMs: 600, busy: true }]);
  });

  it('in which the publisher stalled is not the server', () => {
    const workers = [stalled('probe', gap(1_500, 2_490))];
    expect(stallsOf(measurement([gap(1_498, 2_500)], workers)).map(({ process }) => process)).toEqual(['probe']);
  });

  it('is none where all happens in one process', () => {
    const row = { ...PUSH, profile: { ...PUSH.profile, inProcess: true as const } };
    expect(stallsOf({ ...measurement([gap(1_000, 3_000)]), row })).toEqual([]);
  });
});

describe('a stall of a load process', () => {
  it('is named by its process', () => {
    const workers = [PROBE, stalled('crowd'), stalled('crowd', gap(1_250, 1_400), gap(2_000, 2_200))];
    expect(stallsOf(measurement([], workers))).toEqual([
      { process: 'crowd 2', atMs: 250, forMs: 150, busy: false },
      { process: 'crowd 2', atMs: 1_000, forMs: 200, busy: false },
    ]);
  });

  it('counts with its part between the start of the window and the end of the drain', () => {
    const workers = [stalled('probe', gap(500, 1_150), gap(2_900, 3_900), gap(0, 1_099), gap(3_001, 4_000))];
    expect(stallsOf(measurement([], workers))).toMatchObject([
      { atMs: 0, forMs: 150 },
      { atMs: 1_900, forMs: 200 },
    ]);
  });

  it('is none while it worked in one go', () => {
    expect(stallsOf(measurement([], [stalled('crowd', gap(1_200, 2_200, 0.6))]))).toEqual([]);
  });
});
