import { describe, expect, test } from 'vitest';
import { exampleReport } from '../testing/example-report.js';
import { herdPlan, herdRun } from '../testing/herd-runs.js';
import { buildHerdReport, type HerdRun } from './herd.js';
import { parseHerdReport } from './herd-file.js';
import { type CompletedHerd, herdReportSchema } from './herd-schema.js';
import { herdNotes, herdStatements } from './herd-wording.js';
import { nullPaths, reasonFor } from './not-measured.js';

/** 100 clients, spread evenly over 1,000 to 1,500 ms. */
const SPREAD = Array.from({ length: 100 }, (_, client) => 1_000 + client * 5);
const TOGETHER = Array.from({ length: 100 }, () => 1_000);

function reportOf(runs: readonly HerdRun[], changes: Parameters<typeof herdPlan>[1] = {}) {
  return buildHerdReport({
    tool: { name: 'rtbench', version: '0.0.0' },
    startedAt: new Date('2026-01-02T03:04:05Z'),
    durationMs: 1_000,
    command: 'rtbench herd',
    environment: exampleReport().environment,
    interrupted: false,
    plan: herdPlan(
      runs.map(({ policy }) => policy.spec),
      changes,
    ),
    auth: null,
    runs,
  });
}

function rowsOf(runs: readonly HerdRun[]): CompletedHerd[] {
  return reportOf(runs).policies.filter((one): one is CompletedHerd => one.state === 'completed');
}

describe('a herd', () => {
  const runs = [herdRun('exponential', TOGETHER), herdRun('exponential-jitter', SPREAD)];

  test('has its figures from the loss and the return, and theory for the time that the server was away', () => {
    const [together, spread] = rowsOf(runs);
    expect(together).toMatchObject({
      verdict: 'valid',
      awayMs: 500,
      peakPerSecond: { measured: 1_000, theory: 1_000 },
      attemptsPerClient: { measured: 1, theory: 1 },
      backMs: { measured: { p50: 502, p99: 502, all: 502 }, theory: { p50: 500, p99: 500, all: 500 } },
      connectUs: { p50: 2_000, p99: 2_000 },
      server: { accepted: 100, cpuMs: 50, cpuShare: 0.05 },
    });
    expect(spread?.peakPerSecond.measured).toBe(200);
    // N·w/J = 20 within 100 ms, and what the largest of finite counts adds.
    expect(spread?.peakPerSecond.theory).toBeGreaterThan(200);
    expect(spread?.peakPerSecond.theory).toBeLessThan(330);
    expect(spread?.lowerBy.measured).toBe(5);
    expect(together?.lowerBy).toEqual({ measured: 1, theory: 1 });
    expect(spread?.series.accepts.measured.reduce((sum, count) => sum + count, 0)).toBe(100);
    expect(spread?.series.attempts.measured.reduce((sum, count) => sum + count, 0)).toBe(100);
  });

  test('fits its schema, survives being stored, and has a reason for every null', () => {
    const report = reportOf([...runs, herdRun('immediate', TOGETHER)]);
    expect(herdReportSchema.parse(report)).toEqual(report);
    expect(parseHerdReport(JSON.stringify(report), 'herd.json')).toEqual(report);
    for (const row of report.policies) {
      if (row.state !== 'completed') throw new Error('a run did not complete');
      expect(nullPaths(row).filter((path) => reasonFor(row.notMeasured, path) === undefined)).toEqual([]);
    }
  });

  test('is invalid where clients stayed away, and says why', () => {
    const away = herdRun('fixed', TOGETHER, {
      tally: {
        backUs: TOGETHER.map((_, client) => (client < 60 ? 1_600_000 : null)),
        errors: ['connect ECONNREFUSED 127.0.0.1:1'],
      },
    });
    const [row] = rowsOf([away]);
    expect(row?.verdict).toBe('invalid');
    expect(row?.backMs.measured).toEqual({ p50: 100, p99: null, all: null });
    expect(row?.reasons[0]).toBe('40 clients of 100 did not come back (connect ECONNREFUSED 127.0.0.1:1)');
    expect(row?.notMeasured['backMs.measured.all']).toBe('only 60 of 100 clients came back');
  });

  test('is suspect where the machine accepts slower than the policy asks', () => {
    const [slow] = rowsOf([herdRun('exponential', SPREAD)]);
    expect(slow?.verdict).toBe('suspect');
    expect(slow?.reasons).toEqual([
      expect.stringMatching(/takes 40 ms to connect all clients, and the window is 100 ms/),
    ]);
  });

  test('is suspect where clients noticed their loss one after the other, and where they were lost again', () => {
    const lostUs = SPREAD.map((_, client) => 1_000_000 + client * 1_000);
    const [row] = rowsOf([herdRun('exponential', TOGETHER, { tally: { lostUs, lostAgain: 2 } })]);
    expect(row?.reasons).toEqual([
      '2 connections lost again after the return',
      expect.stringMatching(/noticed the loss over 99 ms/),
    ]);
  });

  test('has no factor without an exponential policy to hold against', () => {
    const [row] = rowsOf([herdRun('full-jitter', SPREAD)]);
    expect(row?.lowerBy).toEqual({ measured: null, theory: null });
    expect(row?.notMeasured.lowerBy).toMatch(/no `exponential`/);
  });
});

describe('its wording', () => {
  test('says how much lower the peak is, and who comes all at once', () => {
    const report = reportOf([herdRun('exponential', TOGETHER), herdRun('exponential-jitter', SPREAD)]);
    expect(herdStatements(report)).toEqual([
      expect.stringMatching(/^exponential-jitter keeps the peak 5 times lower than exponential; theory says 3\.\d+/),
      'All come at once under exponential: 100 connections in one instant, or as fast as the machine accepts them.',
    ]);
  });

  test('names what did not end', () => {
    const policy = herdPlan(['fixed']).policies[0];
    if (!policy) throw new Error('no policy');
    expect(herdNotes(reportOf([{ state: 'failed', policy, reason: 'herd 1: gone' }]))).toEqual([
      'fixed (failed): herd 1: gone.',
    ]);
  });
});

test('a file that is something else is left to others, and a broken one is named', () => {
  expect(parseHerdReport('{"kind":"cost"}', 'x.json')).toBeUndefined();
  expect(parseHerdReport('no json', 'x.json')).toBeUndefined();
  expect(() => parseHerdReport('{"kind":"herd"}', 'x.json')).toThrow(/x\.json: `schemaVersion`/);
});
