import { describe, expect, it } from 'vitest';
import { PULL, PUSH } from '../testing/measurement.js';
import { loadScenario } from './load.js';
import { makeSweepPlan, type SweepPlanOptions } from './sweep-plan.js';
import { parseVary } from './vary.js';

const SCENARIO = { ...loadScenario('default', {}, 2).scenario, rounds: 2 };

function plan(vary: string, changes: Partial<SweepPlanOptions> = {}) {
  return makeSweepPlan({
    scenario: SCENARIO,
    rows: [PUSH, PULL],
    vary: parseVary(vary, 5),
    machine: { descriptors: 20_000, platform: 'linux' },
    warmupMs: null,
    repace: (row, ms) => (row === PULL ? { ...row, worstWaitMs: ms } : row),
    ...changes,
  });
}

const workloads = (made: ReturnType<typeof plan>) => made.stages.map(({ plan: { scenario } }) => scenario.workload);

describe('makeSweepPlan', () => {
  it('measures each value once a round, every row once at each, in an order of the seed', () => {
    const { stages } = plan('clients=10,20,40');
    expect(stages.map(({ value }) => value).sort((a, b) => a - b)).toEqual([10, 10, 20, 20, 40, 40]);
    for (const stage of stages) {
      expect(stage.plan.runs.map(({ row }) => row).sort()).toEqual([0, 1]);
      expect(stage.plan.scenario).toMatchObject({ rounds: 1, workload: { clients: stage.value, ratePerSecond: 120 } });
    }
    expect(plan('clients=10,20,40').stages.map(({ value }) => value)).toEqual(stages.map(({ value }) => value));
    expect(new Set(stages.map((stage) => stage.plan.scenario.seed)).size).toBe(6);
  });

  it('varies one thing', () => {
    expect(new Set(workloads(plan('size=64,128,256')).map(({ sizeBytes }) => sizeBytes))).toEqual(
      new Set([64, 128, 256]),
    );
    expect(new Set(workloads(plan('rate=10,20,30')).map(({ clients }) => clients))).toEqual(new Set([100]));
  });

  it('has windows that hold five messages, and five of the longest waits', () => {
    const windows = new Map(workloads(plan('rate=0.1,1,100')).map((one) => [one.ratePerSecond, one.durationMs]));
    expect(Object.fromEntries(windows)).toEqual({ '0.1': 50_000, '1': 5_000, '100': 2_500 });
    const { stages } = plan('interval=100ms,1s,2s');
    for (const { value, plan: stage } of stages) {
      expect(stage.scenario.workload.durationMs).toBe(Math.max(2_500, 5 * value));
      expect(stage.rows.map(({ worstWaitMs }) => worstWaitMs)).toEqual([0, value]);
    }
  });

  it('knows which rows follow an interval, and refuses one where none does', () => {
    expect(plan('interval=100ms,1s,2s').follows).toEqual([false, true]);
    expect(plan('rate=1,2,3').follows).toEqual([true, true]);
    expect(() => plan('interval=100ms,1s,2s', { rows: [PUSH] })).toThrow(/rows that poll at one, and there are none/);
  });

  it('runs two rows three times at a crossing, each time with another workload', () => {
    const made = plan('clients=10,20,40');
    const stages = made.stagesAt(33, [1], 3);
    expect(stages.map(({ value, use, rows }) => [value, use, rows])).toEqual(Array(3).fill([33, 'confirm', [1]]));
    const seeds = [...made.stages, ...stages, ...made.stagesAt(34, [0], 0)].map((stage) => stage.plan.scenario.seed);
    expect(new Set(seeds).size).toBe(12);
    expect(stages[0]?.plan.rows).toEqual([PULL]);
  });

  it('names the value that this machine cannot carry', () => {
    expect(() => plan('clients=10,20,60000')).toThrow(/^at clients=60000: 60,000 clients need/);
    expect(() => plan('size=10,100,1000')).toThrow(/^at size=10B: `size` is 10 B/);
  });
});
