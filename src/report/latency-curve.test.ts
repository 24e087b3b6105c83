import { expect, it } from 'vitest';
import { EXAMPLE_ROWS, exampleReport } from '../testing/example-report.js';
import { CURVE_AXIS, latencyCurve } from './latency-curve.js';
import type { CompletedRow } from './schema.js';

const row = exampleReport().transports.find(
  (one): one is CompletedRow => one.state === 'completed' && one.label === EXAMPLE_ROWS.sse.row.label,
);
if (row === undefined) throw new Error('the example has no such row');
const known = row;

function at(nines: number, publishes: number): number | null | undefined {
  return latencyCurve({ latencyUs: known.latencyUs, samples: { ...known.samples, publishes } })[
    CURVE_AXIS.indexOf(nines)
  ];
}

it('goes through the percentiles of the row, from the fastest delivery on', () => {
  const { min, p50, p90, p99 } = known.latencyUs;
  expect([0, Math.log10(2), 1, 2].map((nines) => at(nines, 900))).toEqual([min, p50, p90, p99]);
});

it.each([
  [2, 298, 299],
  [3, 2_994, 2_995],
  [1, 28, 29],
])('ends where a percentile of %d nines takes more than %d publishes', (nines, tooFew, enough) => {
  expect(at(nines, tooFew)).toBeNull();
  expect(at(nines, enough)).toBeGreaterThan(0);
});

it('never falls, has at most 210 values, and stops but once', () => {
  const curve = latencyCurve(known);
  const values = curve.filter((us) => us !== null);
  expect(curve).toHaveLength(CURVE_AXIS.length);
  expect(curve.length).toBeLessThanOrEqual(210);
  expect(values).toEqual([...values].sort((a, b) => a - b));
  expect(curve.slice(0, values.length)).toEqual(values);
});

it('is empty where there is no histogram, or no publish', () => {
  const none = { ...known.latencyUs, histogram: null };
  expect(latencyCurve({ latencyUs: none, samples: known.samples }).every((us) => us === null)).toBe(true);
  expect(latencyCurve({ latencyUs: known.latencyUs, samples: { publishes: 0, deliveries: 0 } }).slice(1)).not.toContain(
    expect.any(Number),
  );
});
