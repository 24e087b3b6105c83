import { expect, it } from 'vitest';
import type { RoundMeasurement } from '../report/round-measurement.js';
import type { SweepRun } from '../report/sweep/runs.js';
import { loadScenario } from '../scenario/load.js';
import { makeSweepPlan } from '../scenario/sweep-plan.js';
import { parseVary } from '../scenario/vary.js';
import { EXAMPLE_ROWS, exampleRun } from '../testing/example-report.js';
import { DUE, MACHINE, PROBE, PUSH, serverOf, WINDOW, WORKLOAD, worker } from '../testing/measurement.js';
import type { RunOptions } from './run.js';
import { measureSweep } from './sweep.js';

const WEB = { ...PUSH, profile: { ...PUSH.profile, group: 'web' as const } };
const PLAN = makeSweepPlan({
  scenario: { ...loadScenario('default', {}, 2).scenario, rounds: 1 },
  rows: [
    { ...WEB, label: 'flat' },
    { ...WEB, label: 'steep' },
  ],
  vary: parseVary('clients=10,20,40,80', 4),
  machine: { descriptors: 20_000, platform: 'linux' },
  warmupMs: 100,
  repace: (row) => row,
});

/** A window of 2 s in which the server took that much CPU, µs. */
function measurementOf(cpuUs: number, clients: number): RoundMeasurement {
  const server = serverOf(PUSH);
  return {
    round: 0,
    row: PUSH,
    workload: { ...WORKLOAD, clients },
    due: DUE,
    clocksNest: true,
    warmupSettled: true,
    server: { ...server, windowEnd: { ...server.windowEnd, cpuUs: server.settled.cpuUs + cpuUs } },
    stamps: null,
    machine: MACHINE,
    network: null,
    window: WINDOW,
    workers: [PROBE, worker('crowd')],
  };
}

const result = exampleRun(EXAMPLE_ROWS.webSocket, 0);

/** By clients n: 40,000 µs a second of one row, 1,000 n of the other; they meet at 40. */
const fine = async (options: RunOptions) => {
  const { clients } = options.plan.scenario.workload;
  const { label } = options.plan.rows[options.run.row] ?? { label: '' };
  options.onMeasured?.(measurementOf(2 * (label === 'flat' ? 40_000 : 1_000 * clients), clients));
  return result;
};

async function conduct(carryOut: typeof fine, { confirm = true, abort = new AbortController() } = {}) {
  const saved: number[] = [];
  const runs = await measureSweep({
    plan: PLAN,
    confirm,
    signal: abort.signal,
    pinned: false,
    onEvent: () => {},
    onConfirming: (stages) => saved.push(-stages.length),
    onRun: async (soFar: readonly SweepRun[]) => {
      saved.push(soFar.length);
    },
    carryOut,
  });
  return { runs, saved };
}

it('runs the rows of a crossing three times more, where it is, and saves after each run', async () => {
  const { runs, saved } = await conduct(fine);
  expect(saved).toEqual([1, 2, 3, 4, 5, 6, 7, 8, -3, 9, 10, 11, 12, 13, 14]);
  const confirming = runs.filter(({ use }) => use === 'confirm');
  expect(confirming.map(({ value, clients }) => [value, clients])).toEqual(Array(6).fill([40, 40]));
  expect(confirming.map(({ stage }) => stage)).toEqual([4, 4, 5, 5, 6, 6]);
  expect(new Set(confirming.map(({ row }) => row))).toEqual(new Set([0, 1]));
});

it('derives crossings only, where it is told to', async () => {
  expect((await conduct(fine, { confirm: false })).runs).toHaveLength(8);
});

it('an abort ends it and keeps what was measured, and nothing is run at crossings', async () => {
  const abort = new AbortController();
  let calls = 0;
  const { runs } = await conduct(
    async (options) => {
      if (++calls === 8) abort.abort(new Error('interrupted'));
      options.signal.throwIfAborted();
      return fine(options);
    },
    { abort },
  );
  expect(runs).toHaveLength(8);
  // In the order of rows, whichever ran first.
  expect(
    runs
      .slice(-2)
      .map(({ result: { state } }) => state)
      .sort(),
  ).toEqual(['aborted', 'completed']);
});
