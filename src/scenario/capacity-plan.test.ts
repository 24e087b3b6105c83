import { describe, expect, it } from 'vitest';
import { PULL, PUSH } from '../testing/measurement.js';
import { type CapacityRequest, makeCapacityPlan, roundLevel } from './capacity-plan.js';
import { loadScenario } from './load.js';
import type { Scenario } from './scenario.js';

const SCENARIO = loadScenario('default', {}, 2).scenario;
const REQUEST: CapacityRequest = { find: 'clients', objective: { p99Ms: 250 }, within: 0.1, budgetMs: 60_000 };
const LINUX = { descriptors: 20_000, platform: 'linux' };

function plan(changes: Partial<CapacityRequest> = {}, scenario: Scenario = SCENARIO, machine = LINUX) {
  return makeCapacityPlan(scenario, [PUSH, PULL], { ...REQUEST, ...changes }, machine, null);
}

describe('makeCapacityPlan', () => {
  it('knows the most clients that this machine lets one try, and what is in the way of more', () => {
    const [ceiling] = plan().ceilings;
    expect(ceiling?.level).toBe(19_936);
    expect(ceiling?.limit).toMatch(/open files in the server process, and 20,000 are allowed: raise it \(ulimit -n/);
    const { trialOf } = plan();
    expect(() => trialOf(0, 19_936, 'confirm', 0)).not.toThrow();
    expect(() => trialOf(0, 19_937, 'confirm', 0)).toThrow(/open files/);
  });

  it('counts the ports of an address where descriptors are no limit', () => {
    const [ceiling] = plan({}, SCENARIO, { descriptors: 1_000_000, platform: 'darwin' }).ceilings;
    expect(ceiling).toMatchObject({ level: 16_384, limit: expect.stringMatching(/more ports than the 16,384/) });
  });

  it('knows the highest rate that the ledgers hold', () => {
    const [ceiling] = plan({ find: 'rate' }).ceilings;
    expect(ceiling?.limit).toMatch(/deliveries to keep account of/);
    expect(ceiling?.level).toBe(roundLevel('rate', ceiling?.level ?? 0));
    expect(() => plan({ find: 'rate' }).trialOf(0, ceiling?.level ?? 0, 'confirm', 0)).not.toThrow();
  });

  it('has windows with a p99 in them, and four of them to confirm', () => {
    const windowOf = (row: number, level: number, kind: 'trial' | 'confirm', changes: Partial<CapacityRequest> = {}) =>
      plan(changes).trialOf(row, level, kind, 0).scenario.workload;
    expect(windowOf(0, 50, 'trial')).toMatchObject({ clients: 50, durationMs: 2_500 });
    expect(windowOf(0, 50, 'confirm').durationMs).toBe(10_000);
    expect(windowOf(0, 10, 'trial', { find: 'rate' })).toMatchObject({
      clients: 100,
      ratePerSecond: 10,
      durationMs: 30_000,
    });
    const slow = { ...PULL, worstWaitMs: 5_000 };
    const made = makeCapacityPlan(SCENARIO, [slow], REQUEST, LINUX, null);
    expect(made.trialOf(0, 50, 'trial', 0).scenario.workload.durationMs).toBe(25_000);
  });

  it('refuses a start that cannot be carried, as it is', () => {
    const many = { ...SCENARIO, workload: { ...SCENARIO.workload, clients: 60_000 } };
    expect(() => plan({}, many)).toThrow(/60,000 clients need/);
  });

  it('has no more probes than clients, and another workload for each trial', () => {
    const { trialOf } = plan();
    expect(trialOf(0, 2, 'trial', 0).scenario.probes).toBe(2);
    expect(trialOf(0, 2, 'trial', 1).scenario.seed).not.toBe(trialOf(0, 2, 'trial', 0).scenario.seed);
  });
});

it('levels are whole clients, and rates of three digits', () => {
  expect([0.4, 565.7].map((level) => roundLevel('clients', level))).toEqual([1, 566]);
  expect([0.12345, 565.7].map((level) => roundLevel('rate', level))).toEqual([0.123, 566]);
});
