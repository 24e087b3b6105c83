import { expect, it } from 'vitest';
import type { CostRun } from '../report/cost.js';
import type { RoundMeasurement } from '../report/round-measurement.js';
import { makeCostPlan, parsePoints, spellPoint } from '../scenario/cost-plan.js';
import { loadScenario } from '../scenario/load.js';
import { EXAMPLE_ROWS, exampleRun } from '../testing/example-report.js';
import { DUE, MACHINE, PROBE, PUSH, serverOf, WINDOW, WORKLOAD, worker } from '../testing/measurement.js';
import { measureCost } from './cost.js';
import type { RunOptions } from './run.js';

const SCENARIO = { ...loadScenario('default', {}, 2).scenario, rounds: 1 };
const PLAN = makeCostPlan({
  scenario: SCENARIO,
  rows: [PUSH, { ...PUSH, label: 'TCP #2' }],
  points: parsePoints('10x10,20x10,10x40'),
  machine: { descriptors: 20_000, platform: 'linux' },
  warmupMs: 100,
  pace: (row) => row,
});

const MEASUREMENT: RoundMeasurement = {
  round: 0,
  row: PUSH,
  workload: WORKLOAD,
  due: DUE,
  clocksNest: true,
  warmupSettled: true,
  server: serverOf(PUSH),
  stamps: null,
  machine: MACHINE,
  network: null,
  window: WINDOW,
  workers: [PROBE, worker('crowd')],
};

/** Measures with runs that do as `carryOut` says; keeps how many runs were saved each time. */
async function conduct(
  carryOut: NonNullable<Parameters<typeof measureCost>[0]['carryOut']>,
  abort = new AbortController(),
) {
  const saved: number[] = [];
  const runs = await measureCost({
    plan: PLAN,
    signal: abort.signal,
    pinned: false,
    onEvent: () => {},
    onRun: async (soFar: readonly CostRun[]) => {
      saved.push(soFar.length);
    },
    carryOut,
  });
  return { runs, saved };
}

const result = exampleRun(EXAMPLE_ROWS.webSocket, 0);
const fine = async (options: RunOptions) => {
  options.onMeasured?.(MEASUREMENT);
  return result;
};

it('runs every row at every stage, saves after each run and reads the load off the measurement', async () => {
  const { runs, saved } = await conduct(fine);
  expect(saved).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(runs.map(({ point, row, use }) => [spellPoint(point), row, use])).toEqual(
    PLAN.stages.flatMap(({ point, use }) => [0, 1].map((row) => [spellPoint(point), row, use])),
  );
  // Of the example's window of 2 s: 0.8 s of CPU, 400 publishes, 3,900 deliveries.
  expect(runs[0]?.load).toMatchObject({
    clients: 10,
    publishesPerSecond: 200,
    deliveriesPerSecond: 1_950,
    pollsPerSecond: 0,
    cpuUsPerSecond: 400_000,
    serverGrownBytes: 100_000,
  });
});

it('a run that fails has no load, and the others go on', async () => {
  let calls = 0;
  const { runs } = await conduct(async (options) => {
    if (++calls === 2) throw new Error('it broke');
    return fine(options);
  });
  expect(runs).toHaveLength(8);
  // Which run is the second to be carried out is drawn.
  const without = runs.filter(({ load }) => load === null);
  expect(without.map(({ result }) => result)).toMatchObject([{ state: 'failed', reason: 'it broke' }]);
});

it('a run that was invalid for the machine and is carried out again has the load of the second time', async () => {
  let calls = 0;
  const { runs } = await conduct(async (options) => {
    if (++calls > 1) return fine(options);
    options.onMeasured?.({ ...MEASUREMENT, workload: { ...WORKLOAD, clients: 999 } });
    return { ...result, verdict: 'invalid' as const, fault: 'instrument' as const, reasons: ['busy'] };
  });
  expect(calls).toBe(9);
  expect(runs[0]?.load?.clients).toBe(10);
});

it('an abort ends it and keeps what was measured', async () => {
  const abort = new AbortController();
  let calls = 0;
  const { runs } = await conduct(async (options) => {
    if (++calls === 3) abort.abort(new Error('interrupted'));
    options.signal.throwIfAborted();
    return fine(options);
  }, abort);
  expect(runs.map(({ result: { state } }) => state)).toEqual(['completed', 'completed', 'aborted']);
});
