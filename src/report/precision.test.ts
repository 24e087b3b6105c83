import { describe, expect, it } from 'vitest';
import { EXAMPLE_ROWS, exampleRun, withoutLatency } from '../testing/example-report.js';
import { isPrecise, leastPrecise } from './precision.js';
import { reportRow } from './rows.js';
import type { CompletedRun } from './schema.js';

const { sse, webSocket } = EXAMPLE_ROWS;
const steady = (rounds: number) => rowOf(rounds, () => exampleRun(webSocket, 0));
const noisy = (rounds: number) => rowOf(rounds, (round) => exampleRun(sse, round));

function rowOf(rounds: number, runOf: (round: number) => CompletedRun) {
  const runs = Array.from({ length: rounds }, (_, round) => ({ ...runOf(round), round }));
  return reportRow(webSocket.row, runs, rounds);
}

describe('isPrecise', () => {
  it('takes six rounds, whatever they say', () => {
    expect(isPrecise([steady(5)])).toBe(false);
    expect(isPrecise([steady(6)])).toBe(true);
  });

  it('takes every row', () => {
    expect(isPrecise([steady(6), steady(5)])).toBe(false);
    expect(isPrecise([])).toBe(false);
  });

  it('does not wait for rows that cannot have a latency, nor rest on them alone', () => {
    const silent = rowOf(6, () => withoutLatency(exampleRun(webSocket, 0)));
    const failed = reportRow(webSocket.row, [{ state: 'failed', round: 0, reason: 'x' }], 6);
    expect(isPrecise([steady(6), silent, failed])).toBe(true);
    expect(isPrecise([silent, failed])).toBe(false);
  });

  it('waits for a p99 that is still to come', () => {
    const few = rowOf(6, () => ({ ...exampleRun(webSocket, 0), samples: { publishes: 20, deliveries: 100 } }));
    expect(isPrecise([few])).toBe(false);
  });
});

it('the least precise figure is named, with half its interval as a share of it', () => {
  const least = leastPrecise([steady(6), noisy(6)]);
  expect(least?.halfWidth).toBeGreaterThan(0.01);
  expect(least?.halfWidth).toBeLessThan(0.06);
  expect(leastPrecise([steady(6)])).toMatchObject({ halfWidth: 0 });
});
