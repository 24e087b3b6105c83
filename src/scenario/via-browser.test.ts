import { expect, test } from 'vitest';
import { registry } from '../cli/registry.js';
import { loadScenario, type Overrides } from './load.js';
import { makePlan } from './plan.js';
import { resolveRows } from './rows.js';
import { senderOf } from './uplink.js';
import { reachableRows } from './via-browser.js';

async function planOf(overrides: Overrides, scenarioName = 'default') {
  const { scenario, transports } = loadScenario(scenarioName, { via: 'browser', ...overrides }, 2);
  const rows = await resolveRows(transports, senderOf(scenario.workload), registry);
  return makePlan(scenario, rows, { descriptors: 20_000, platform: 'linux' });
}

test('rows that no browser reaches are not run, and named with what is in the way', async () => {
  const { rows, runs, unreachable } = await planOf({});
  expect(rows.map(({ transport }) => transport)).toEqual(['short-polling', 'long-polling', 'sse', 'websocket']);
  expect(new Set(runs.map(({ row }) => row))).toEqual(new Set([0, 1, 2, 3]));
  expect(unreachable.map(({ transport }) => transport)).toEqual(['grpc', 'tcp']);
  expect(unreachable[0]?.reason).toMatch(/trailers/);
});

test('without a browser everything is reached', async () => {
  const { scenario, transports } = loadScenario('default', {}, 2);
  const rows = await resolveRows(transports, 'server', registry);
  const plan = makePlan(scenario, rows, { descriptors: 20_000, platform: 'linux' });
  expect([plan.rows.length, plan.unreachable]).toEqual([rows.length, []]);
});

test.each([
  [{ transports: ['sse:http=2'] }, /SSE over HTTP\/2: browsers speak it over TLS only: add --tls/],
  [{ transports: ['grpc'] }, /no transport to run/],
  [{ probes: '17', transports: ['sse'] }, /16 at the most/],
  [{ interleave: '50ms', transports: ['sse'] }, /leave out --interleave/],
])('%j is refused with what to do', (overrides, problem) => expect(planOf(overrides)).rejects.toThrow(problem));

test('what a page could reach, but brings nothing for it to run, is named so', async () => {
  const [row] = await resolveRows([{ spec: 'sse', where: 'test' }], 'server', registry);
  if (!row) throw new Error('no row');
  const { reached, unreachable } = reachableRows([row, { ...row, hasPage: false }], { via: 'browser' });
  expect([reached.length, unreachable]).toEqual([
    1,
    [{ transport: 'sse', label: 'SSE', reason: 'it brings nothing for a page to run (`page`)' }],
  ]);
});

test('HTTP/2 over TLS is what a browser has', async () => {
  const { rows } = await planOf({ transports: ['sse:http=2'], tls: true });
  expect(rows).toHaveLength(1);
});

test('probes that would publish are refused', () => expect(planOf({}, 'echo')).rejects.toThrow(/publish: server/));
