import { describe, expect, it } from 'vitest';
import { PROBE, PULL, PUSH, WORKLOAD, worker } from '../testing/measurement.js';
import { arrivedInWindow, busyInFlight } from './flights.js';

const MS = 1_000;

describe('messages that arrived in the window', () => {
  /** Due at these times in a window of 2 s; each worker's last recipient, µs after. */
  const arrived = (row: typeof PUSH, dueMs: readonly number[], ...lastUs: readonly (readonly number[])[]) =>
    arrivedInWindow({
      row,
      workload: WORKLOAD,
      network: null,
      window: { startUs: 77_000, dueOffsetsUs: dueMs.map((ms) => ms * MS) },
      workers: lastUs.map((us) => worker('crowd', { lastUs: us })),
    });

  it('count when they have reached the last client of all processes', () => {
    expect(arrived(PUSH, [0, 1_990, 1_995], [10, 20, 30], [50, 10 * MS, 6 * MS])).toEqual({ due: 3, arrived: 2 });
  });

  it('do not count when they never came', () => {
    expect(arrived(PUSH, [0, 5], [10, -1])).toEqual({ due: 2, arrived: 1 });
  });

  it('are those that had time for the longest wait', () => {
    expect(arrived(PULL, [0, 1_899, 1_900], [10, 200 * MS, 10])).toEqual({ due: 2, arrived: 1 });
    expect(arrived({ ...PULL, worstWaitMs: 5_000 }, [0], [10])).toEqual({ due: 0, arrived: 0 });
  });
});

describe('how busy a process was while messages were on their way', () => {
  /** Busy for 500 ms of the window. */
  const busy = (dueMs: readonly number[], lastMs: readonly number[]) =>
    busyInFlight(
      worker('crowd', { lastUs: lastMs.map((ms) => (ms < 0 ? -1 : ms * MS)) }),
      dueMs.map((ms) => ms * MS),
    );

  it('is what it did over the time in which at least one was', () => {
    expect(busy([0, 100, 1_000], [400, 100, 600])).toBe(0.5);
    expect(busy([0, 100, 300, 1_000], [400, 100, 400, 300])).toBe(0.5);
  });

  it('leaves out those that never came, and is null without any', () => {
    expect(busy([0, 900], [1_000, -1])).toBe(0.5);
    expect(busy([0], [-1])).toBeNull();
  });

  it('is never above one', () => {
    expect(busy([0], [100])).toBe(1);
    expect(busyInFlight(PROBE, [])).toBeNull();
  });
});
