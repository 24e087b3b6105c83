import { describe, expect, it } from 'vitest';
import type { Row } from '../../scenario/scenario.js';
import { parseVary } from '../../scenario/vary.js';
import { EXAMPLE_SCENARIO, exampleReport } from '../../testing/example-report.js';
import { PULL, PUSH } from '../../testing/measurement.js';
import { sweepRun } from '../../testing/sweep-runs.js';
import { nullPaths, reasonFor } from '../not-measured.js';
import { crossingsToConfirm } from './crossings.js';
import type { SweepRun } from './runs.js';
import { sweepReportSchema } from './schema.js';
import { buildSweepReport, type SweepParts } from './sweep.js';
import { sweepNotes, sweepStatements } from './wording.js';

const SSE: Row = { ...PUSH, label: 'SSE', profile: { ...PUSH.profile, group: 'web' } };
const POLLING: Row = { ...PULL, label: 'Short polling' };
const VARY = parseVary('rate=0.5,1,2,4,8', 5);
const OF = { rows: [POLLING, SSE], vary: VARY, follows: [true, true] };
/** Polling costs the same whatever the rate; a push costs by the message: they meet at 2/s by CPU, at 4/s in bytes. */
const COSTS = [
  (rate: number) => ({ cpuUs: 20_000 + 1_000 * rate, bytes: 80_000 }),
  (rate: number) => ({ cpuUs: 2_000 + 10_000 * rate, bytes: 20_000 * rate }),
] as const;
const RUNS = VARY.values.flatMap((rate, stage) => COSTS.map((cost, row) => sweepRun(row, rate, cost(rate), { stage })));
const confirm = (row: number, stage: number, cpuUs: number, value = 2) =>
  sweepRun(row, value, { cpuUs, bytes: 1 }, { use: 'confirm', stage });

function report(runs: readonly SweepRun[], changes: Partial<SweepParts> = {}) {
  const { environment, tool } = exampleReport();
  const built = buildSweepReport({
    tool,
    startedAt: new Date('2026-11-24T12:00:00Z'),
    durationMs: 90_000,
    command: 'rtbench sweep',
    scenario: EXAMPLE_SCENARIO,
    environment,
    interrupted: false,
    planned: 10,
    runs,
    ...OF,
    ...changes,
  });
  expect(sweepReportSchema.parse(built)).toEqual(built);
  for (const row of [...built.transports, ...built.crossings, ...built.transports.flatMap((one) => one.measurements)]) {
    expect(nullPaths(row).filter((path) => reasonFor(row.notMeasured, path) === undefined)).toEqual([]);
  }
  return built;
}

describe('a sweep', () => {
  it('finds where costs cross, for each cost by itself', () => {
    expect(report(RUNS).crossings).toMatchObject([
      { cost: 'serverCpu', state: 'crossing', at: expect.closeTo(2, 6), cheaperAtLow: 'b', cheaperAtHigh: 'a' },
      { cost: 'bytes', state: 'crossing', at: expect.closeTo(4, 6), cheaperAtLow: 'b', cheaperAtHigh: 'a' },
    ]);
    expect(crossingsToConfirm(OF, RUNS)).toEqual([
      { value: 2, rows: [0, 1] },
      { value: 4, rows: [0, 1] },
    ]);
  });

  it('says which cost crosses, where, and that it is not confirmed', () => {
    expect(sweepStatements(report(RUNS))[0]).toBe(
      'Server CPU: below 2 messages/s SSE costs less, above it Short polling. Derived from the curves, and not confirmed.',
    );
  });

  it('is confirmed by runs at the crossing, and says what they cost', () => {
    const pairs = [0, 1, 2].flatMap((round) => [confirm(0, 5 + round, 22_000), confirm(1, 5 + round, 23_000)]);
    const built = report([...RUNS, ...pairs]);
    expect(built.crossings[0]?.confirmation).toEqual({
      value: 2,
      runs: 3,
      a: 22_000,
      b: 23_000,
      ratio: 22 / 23,
      confirmed: true,
    });
    expect(sweepStatements(built)[0]).toMatch(
      /Confirmed there by 3 runs of each: Short polling 2\.20 % of a core, SSE 2\.30 % of a core\.$/,
    );
    // What is held against a curve is not in it.
    expect(built.transports.map(({ curves }) => curves.serverCpu?.measurements)).toEqual([5, 5]);
  });

  it('is not confirmed by runs that say something else', () => {
    const built = report([...RUNS, confirm(0, 5, 22_000), confirm(1, 5, 40_000)]);
    expect(built.crossings[0]?.confirmation).toMatchObject({ runs: 1, confirmed: false });
    expect(sweepStatements(built)[0]).toMatch(/Not confirmed: one run of each there say Short polling 2\.20 %/);
  });

  it('names a crossing beyond what was measured as extrapolated, and runs nothing there', () => {
    const vary = parseVary('rate=0.25,0.5,1', 5);
    const runs = vary.values.flatMap((rate, stage) =>
      COSTS.map((cost, row) => sweepRun(row, rate, cost(rate), { stage })),
    );
    expect(crossingsToConfirm({ ...OF, vary }, runs)).toEqual([]);
    const built = report(runs, { vary });
    expect(built.crossings[0]).toMatchObject({ state: 'crossing', extrapolated: true, at: expect.closeTo(2, 6) });
    expect(sweepStatements(built)[0]).toMatch(/Extrapolated: that lies beyond what was measured\.$/);
  });

  it('gives the growth of what grows', () => {
    const [polling, sse] = report(RUNS).transports;
    expect(sse?.growth.bytes).toMatchObject({ exponent: expect.closeTo(1, 6), measurements: 5 });
    expect(polling?.growth.bytes?.exponent).toBeCloseTo(0, 6);
    expect(sweepStatements(report(RUNS)).at(-1)).toMatch(/^Server CPU grows with the rate to the power/);
  });

  it('leaves out runs that are not sound, and says so', () => {
    const runs = RUNS.map((run, index) =>
      index === 0 && run.result.state === 'completed'
        ? { ...run, result: { ...run.result, verdict: 'invalid' as const, reasons: ['too busy'] } }
        : run,
    );
    const built = report(runs);
    expect(built.transports[0]?.curves.serverCpu?.measurements).toBe(4);
    expect(sweepNotes(built)).toContain('Short polling: one run of 5 left out (invalid: too busy).');
  });

  it('has reasons where nothing came to an end', () => {
    const failed = RUNS.map((run) => ({
      ...run,
      result: { state: 'failed' as const, round: 0, reason: 'it broke' },
      load: null,
    }));
    const built = report(failed);
    expect(built.crossings).toEqual([]);
    expect(built.transports[0]?.curves).toEqual({ serverCpu: null, bytes: null });
    expect(sweepNotes(built)[0]).toMatch(
      /no curve of server CPU and bytes \(both directions\): a line with an error takes three different values/,
    );
    expect(sweepNotes(report([]))).toEqual(['Short polling: nothing was measured.', 'SSE: nothing was measured.']);
  });

  it('a row that has no interval has one cost, and no growth with it', () => {
    const vary = parseVary('interval=500ms,1s,2s,4s', 4);
    const runs = vary.values.flatMap((ms) => [
      sweepRun(0, ms, { cpuUs: 1_000 + 20_000_000 / ms, bytes: 1 }),
      sweepRun(1, ms, { cpuUs: 20_000, bytes: 1 }),
    ]);
    const built = report(runs, { vary, follows: [true, false] });
    expect(built.transports[1]?.curves.serverCpu).toMatchObject({ growing: 0, fixed: expect.closeTo(20_000, 6) });
    expect(built.transports[1]?.growth.serverCpu).toBeNull();
    expect(built.crossings[0]).toMatchObject({ at: expect.closeTo(20_000 / 19, 3), cheaperAtLow: 'b' });
    expect(sweepStatements(built)[0]).toMatch(/below a poll every 1\.05 s.* SSE costs less, above it Short polling/);
  });
});
