import { expect, it } from 'vitest';
import { PUSH } from '../testing/measurement.js';
import { makeGuidePlan } from './guide-plan.js';
import { loadScenario, type Overrides } from './load.js';
import { makePlan } from './plan.js';
import type { Row } from './scenario.js';

const MACHINE = { descriptors: 20_000, platform: 'linux' };
const WEB: Row = { ...PUSH, label: 'Web', profile: { ...PUSH.profile, group: 'web' } };

function planOf(scenario: string, overrides: Overrides = {}, rows: readonly Row[] = [WEB, PUSH]) {
  return makeGuidePlan(makePlan(loadScenario(scenario, overrides, 2).scenario, rows, MACHINE), MACHINE);
}

it('techniques alone: one run each with a cut in the middle, and runs with a quarter and half of the clients', () => {
  const { rows, cut, growth, estimatedMs } = planOf('default');
  expect(rows.map(({ label }) => label)).toEqual(['Web']);
  expect(cut.runs).toHaveLength(1);
  expect(cut.scenario.faults).toEqual({
    injected: [{ kind: 'cut', atMs: 1_000, share: 1, forMs: null }],
    reconnect: 'immediate',
    resume: true,
  });
  expect(
    growth.map(({ scenario, runs }) => [scenario.workload.clients, scenario.workload.ratePerSecond, runs.length]),
  ).toEqual([
    [25, 120, 3],
    [50, 120, 3],
  ]);
  expect(estimatedMs).toBeGreaterThan([cut, ...growth].reduce((sum, plan) => sum + plan.estimatedMs, 0));
});

it.each(['chat', 'echo'])('%s: where clients publish, the cut is measured with messages from the server', (name) => {
  const { cut, growth } = planOf(name);
  expect(cut.scenario.workload.publish).toBe('server');
  expect(growth.every(({ scenario }) => scenario.workload.publish === 'clients')).toBe(true);
});

it('what a row needs to go on after the last message is set for the cut, and only there', () => {
  const row: Row = { ...WEB, profile: { ...WEB.profile, resume: 'setting', resumeSettings: { ids: true } } };
  const { cut, growth } = planOf('default', {}, [row]);
  expect(cut.rows[0]?.settings).toEqual({ ...row.settings, ids: true });
  expect(growth[0]?.rows[0]?.settings).toEqual(row.settings);
});

it('one client has no fewer', () => {
  expect(planOf('default', { clients: '1' }).growth).toEqual([]);
  expect(planOf('default', { clients: '2' }).growth.map(({ scenario }) => scenario.workload.clients)).toEqual([1]);
});

it('one round asks for one, and what disturbs the runs is not for these', () => {
  const { cut, growth } = planOf('default', { rounds: '1', faults: ['stall:100ms@1s'] });
  expect(growth.map(({ runs, scenario }) => [runs.length, scenario.faults])).toEqual([
    [1, null],
    [1, null],
  ]);
  expect(cut.scenario.faults?.injected.map(({ kind }) => kind)).toEqual(['cut']);
});

it('controls alone are no technique', () => {
  expect(() => planOf('default', {}, [PUSH])).toThrow(/needs a technique/);
});
