import { describe, expect, it } from 'vitest';
import { EXAMPLE_ROWS, exampleRun } from '../testing/example-report.js';
import { reportRow } from './rows.js';
import type { CompletedRow, CompletedRun, Verdict } from './schema.js';
import { isRanked, toleranceOf } from './tolerance.js';

const example = EXAMPLE_ROWS.webSocket;
/** A row whose rounds have these p99, in ms. */
const rowWith = (p99sMs: readonly (number | null)[], verdict: Verdict = 'valid'): CompletedRow => {
  const runs = p99sMs.map((p99Ms, round): CompletedRun => {
    const run = exampleRun(example, round);
    return { ...run, verdict, latencyUs: { ...run.latencyUs, p99: p99Ms === null ? null : p99Ms * 1_000 } };
  });
  const row = reportRow(example.row, runs, runs.length);
  if (row.state !== 'completed') throw new Error(`the row is ${row.state}`);
  return row;
};

describe('toleranceOf', () => {
  it('asks every round', () => {
    expect(toleranceOf(rowWith([10, 20, 30]), 30)).toBe('within');
    expect(toleranceOf(rowWith([10, 20, 30.1]), 30)).toBe('borderline');
    expect(toleranceOf(rowWith([40, 50, 30]), 30)).toBe('borderline');
    expect(toleranceOf(rowWith([40, 50, 31]), 30)).toBe('over');
  });

  it('judges by the merged rounds where no round has a p99', () => {
    const row = rowWith([null, null, null]);
    expect(row.latencyUs.p99).toBeGreaterThan(0);
    expect(toleranceOf(row, 200)).toBe('within');
    expect(toleranceOf(row, 0.1)).toBe('over');
  });

  it('does not know without any p99, unless the median is too long already', () => {
    const row = rowWith([null]);
    const without = { ...row, latencyUs: { ...row.latencyUs, p99: null } };
    expect(toleranceOf(without, 200)).toBe('unknown');
    expect(toleranceOf(without, 0.1)).toBe('over');
  });

  it('does not judge a server that could not keep up', () => {
    expect(toleranceOf(rowWith([10, 10, 10], 'saturated'), 30)).toBe('unknown');
  });
});

describe('isRanked', () => {
  it.each([
    ['valid', true],
    ['suspect', true],
    ['saturated', false],
    ['invalid', false],
  ] as const)('%s: %s', (verdict, ranked) => {
    expect(isRanked(rowWith([1], verdict))).toBe(ranked);
  });

  it('leaves out controls and rows without figures', () => {
    expect(isRanked({ ...rowWith([1]), group: 'control' })).toBe(false);
    expect(isRanked(reportRow(example.row, [], 3))).toBe(false);
  });
});
