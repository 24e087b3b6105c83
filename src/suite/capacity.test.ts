import { expect, it } from 'vitest';
import { buildCapacityReport, type CapacitySearch } from '../report/capacity/capacity.js';
import { capacityReportSchema } from '../report/capacity/schema.js';
import { capacityNotes, capacityStatements } from '../report/capacity/wording.js';
import { nullPaths, reasonFor } from '../report/not-measured.js';
import type { CompletedRun } from '../report/schema.js';
import { makeCapacityPlan } from '../scenario/capacity-plan.js';
import { loadScenario } from '../scenario/load.js';
import { EXAMPLE_ROWS, exampleReport, exampleRun } from '../testing/example-report.js';
import { PUSH } from '../testing/measurement.js';
import { measureCapacity } from './capacity.js';
import type { RunOptions } from './run.js';

const WEB = { ...PUSH, profile: { ...PUSH.profile, group: 'web' as const } };
const ROWS = [
  { ...WEB, label: 'First' },
  { ...WEB, label: 'Second' },
];
const PLAN = makeCapacityPlan(
  loadScenario('default', {}, 2).scenario,
  ROWS,
  { find: 'clients', objective: { p99Ms: 250 }, within: 0.1, budgetMs: 600_000 },
  { descriptors: 20_000, platform: 'linux' },
  100,
);
const RUN = exampleRun(EXAMPLE_ROWS.webSocket, 0);
const late: CompletedRun = { ...RUN, latencyUs: { ...RUN.latencyUs, p99: 300_000 } };

type Told = (clients: number, label: string) => CompletedRun;

/** Every run takes 10 s of a clock of its own. */
async function searched(told: Told, { plan = PLAN, abortAt = Number.POSITIVE_INFINITY } = {}) {
  const abort = new AbortController();
  let now = 0;
  let runs = 0;
  const saved: CapacitySearch[][] = [];
  const searches = await measureCapacity({
    plan,
    signal: abort.signal,
    pinned: false,
    onBegin: () => {},
    onTrial: async (soFar) => {
      saved.push([...soFar]);
    },
    nowMs: () => now,
    carryOut: async ({ plan: trial, run, signal }: RunOptions) => {
      now += 10_000;
      if (++runs === abortAt) abort.abort(new Error('interrupted'));
      signal.throwIfAborted();
      return told(trial.scenario.workload.clients, trial.rows[run.row]?.label ?? '');
    },
  });
  const { environment, tool } = exampleReport();
  const report = buildCapacityReport({
    tool,
    environment,
    startedAt: new Date('2026-11-24T12:00:00Z'),
    command: 'rtbench capacity',
    durationMs: now,
    interrupted: abort.signal.aborted,
    plan,
    searches,
  });
  expect(capacityReportSchema.parse(report)).toEqual(report);
  for (const row of [...report.transports, ...report.transports.flatMap(({ trials }) => trials)]) {
    expect(nullPaths(row).filter((path) => reasonFor(row.notMeasured, path) === undefined)).toEqual([]);
  }
  return { report, saved, runs };
}

it('finds the bracket of each row, and tells rows apart whose brackets do not touch', async () => {
  const { report, saved, runs } = await searched((clients, label) =>
    clients <= (label === 'First' ? 700 : 150) ? RUN : late,
  );
  expect(report.transports).toMatchObject([
    { state: 'found', pass: 673, fail: 734, failedBy: 'latency', confirmed: true },
    { state: 'found', pass: 141, fail: 154, failedBy: 'latency', confirmed: true },
  ]);
  expect(saved).toHaveLength(runs);
  expect(capacityStatements(report)).toEqual([
    'First: 673 clients pass, 734 clients do not: p99 300 ms, above 250 ms.',
    'Second: 141 clients pass, 154 clients do not: p99 300 ms, above 250 ms.',
    'Told apart, as their brackets do not touch: First more than Second.',
  ]);
});

it('says generator-bound where the instrument gave out, and nothing of the server', async () => {
  const busy: CompletedRun = { ...RUN, verdict: 'invalid', fault: 'instrument', reasons: ['the crowd was busy'] };
  const { report } = await searched((clients) => (clients <= 300 ? RUN : busy));
  expect(report.transports[0]).toMatchObject({ state: 'found', failedBy: 'generator' });
  expect(capacityStatements(report)[0]).toMatch(
    /^First: at least \d+ clients; at \d+ clients the generator gave out first, which says nothing of the server \(the crowd was busy\)\.$/,
  );
  expect(capacityStatements(report)).toHaveLength(2);
});

it('ends where the machine does, and names the limit', async () => {
  const { report } = await searched(() => RUN);
  expect(report.transports[0]).toMatchObject({ state: 'limit', pass: 19_936, fail: null, confirmed: true });
  expect(capacityStatements(report)[0]).toMatch(/at least 19,936 clients; nothing above it can be tried: .*open files/);
});

it('keeps to its budget, a part for each row, and says so', async () => {
  const plan = { ...PLAN, budgetMs: 60_000 };
  const { report, runs } = await searched((clients) => (clients <= 700 ? RUN : late), { plan });
  expect(runs).toBeLessThanOrEqual(6);
  expect(report.transports.map(({ state, trials }) => [state, trials.length > 0])).toEqual([
    ['budget', true],
    ['budget', true],
  ]);
  expect(capacityNotes(report)[0]).toMatch(/First and Second: ended by the budget of 1 min \(--budget\)/);
});

it('an abort keeps what was tried', async () => {
  const { report } = await searched(() => RUN, { abortAt: 4 });
  expect(report.interrupted).toBe(true);
  expect(report.transports).toMatchObject([
    { state: 'interrupted', pass: 100, fail: null, confirmed: false },
    { state: 'interrupted', pass: null, trials: [] },
  ]);
  expect(report.transports[0]?.trials.at(-1)).toMatchObject({ outcome: null, state: 'aborted' });
});
