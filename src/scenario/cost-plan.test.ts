import { describe, expect, it } from 'vitest';
import tcp from '../transports/tcp/index.js';
import { type CostPlanOptions, defaultPoints, makeCostPlan, parsePoints, spellPoint } from './cost-plan.js';
import { loadScenario } from './load.js';
import type { Row } from './scenario.js';

const MACHINE = { descriptors: 20_000, platform: 'linux' };
const { scenario: LOADED } = loadScenario('default', {}, 2);
const SCENARIO = { ...LOADED, rounds: 2, workload: { ...LOADED.workload, clients: 100, ratePerSecond: 120 } };
const ROW: Row = {
  transport: 'tcp',
  module: 'file:///tcp.js',
  label: 'TCP',
  settings: {},
  profile: tcp.profile,
  worstWaitMs: 100,
  noticesMs: null,
};
const POINTS = parsePoints('10x1000,20x1000/s, 20 x 10/s');

function plan(changes: Partial<CostPlanOptions> = {}) {
  return makeCostPlan({
    scenario: SCENARIO,
    rows: [ROW, { ...ROW, label: 'TCP #2' }],
    points: POINTS,
    machine: MACHINE,
    warmupMs: null,
    pace: (row, factor) => ({ ...row, worstWaitMs: row.worstWaitMs * factor }),
    ...changes,
  });
}

describe('parsePoints', () => {
  it('takes clients x rate with or without a unit, each point once', () => {
    expect(parsePoints('25x50, 100x2/s,25x50/s,3x60/min')).toEqual([
      { clients: 25, ratePerSecond: 50 },
      { clients: 100, ratePerSecond: 2 },
      { clients: 3, ratePerSecond: 1 },
    ]);
  });

  it('spells them so that it takes them again', () => {
    const points = [...defaultPoints(SCENARIO.workload), { clients: 7, ratePerSecond: 2.5 }];
    expect(parsePoints(points.map(spellPoint).join(','))).toEqual(points);
  });

  it('names every part that is none', () => {
    expect(() => parsePoints('25,0x50,5x0/s,5xfast,6x5')).toThrow(
      ['25', '0x50', '5x0/s', '5xfast']
        .map((part) => `--points: \`${part}\` is not clients x rate, such as 50x100/s, joined by commas`)
        .join('\n'),
    );
  });
});

describe('defaultPoints', () => {
  it('lie around the own load of the scenario, with four numbers of clients', () => {
    expect(defaultPoints(SCENARIO.workload).map(spellPoint)).toEqual([
      '25x240/s',
      '25x480/s',
      '50x120/s',
      '100x240/s',
      '200x30/s',
      '200x120/s',
    ]);
  });

  it('have a client each, however few there are', () => {
    const points = defaultPoints({ ...SCENARIO.workload, clients: 1 });
    expect(Math.min(...points.map(({ clients }) => clients))).toBe(1);
  });
});

describe('makeCostPlan', () => {
  it("measures each point and the scenario's own load once a round, every row once at each", () => {
    const { stages } = plan();
    expect(stages).toHaveLength(8);
    expect(stages.map(({ point, use }) => `${use} ${spellPoint(point)}`).sort()).toEqual(
      ['check 100x120/s', 'fit 10x1000/s', 'fit 20x1000/s', 'fit 20x10/s'].flatMap((text) => [text, text]).sort(),
    );
    for (const { plan: stage, point } of stages) {
      expect(stage.runs.map(({ row }) => row).sort()).toEqual([0, 1]);
      expect(stage.scenario).toMatchObject({ rounds: 1, workload: point });
    }
  });

  it('is a function of the seed, and every stage has a workload of its own', () => {
    const orderOf = (seed: number) =>
      plan({ scenario: { ...SCENARIO, seed } }).stages.map(({ point }) => spellPoint(point));
    expect(orderOf(5)).toEqual(orderOf(5));
    expect(new Set([1, 2, 3, 4, 5].map((seed) => orderOf(seed).join())).size).toBeGreaterThan(1);
    expect(new Set(plan().stages.map(({ plan: stage }) => stage.scenario.seed)).size).toBe(8);
  });

  it('polls twice as often at every other point, and at its own interval at the own load', () => {
    const paces = new Map(
      plan().stages.map(({ point, plan: stage }) => [spellPoint(point), stage.rows.map((row) => row.worstWaitMs)]),
    );
    expect(paces.get('10x1000/s')).toEqual([100, 100]);
    expect(paces.get('20x1000/s')).toEqual([50, 50]);
    expect(paces.get('20x10/s')).toEqual([100, 100]);
    expect(paces.get('100x120/s')).toEqual([100, 100]);
  });

  it('warms up by count within bounds, unless told how long', () => {
    const warmups = (stages: ReturnType<typeof plan>['stages']) =>
      new Map(stages.map(({ point, plan: stage }) => [spellPoint(point), stage.scenario.workload.warmupMs]));
    expect(Object.fromEntries(warmups(plan().stages))).toEqual({
      '10x1000/s': 1_000,
      '20x1000/s': 500,
      '20x10/s': 4_000,
      '100x120/s': 834,
    });
    expect(new Set(warmups(plan({ warmupMs: 50 }).stages).values())).toEqual(new Set([50]));
  });

  it('has no more probes than clients', () => {
    const points = parsePoints('2x10,9x10');
    const few = plan({ points }).stages.map(({ plan: { scenario } }) => [scenario.workload.clients, scenario.probes]);
    for (const [clients = 0, probes] of few) expect(probes).toBe(Math.min(clients, SCENARIO.probes));
  });

  it('names the point that this machine cannot carry', () => {
    const points = parsePoints('10x10,60000x10');
    expect(() => plan({ points })).toThrow(/^at 60000x10\/s: 60,000 clients need/);
  });
});
