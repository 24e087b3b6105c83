import { expect, test } from 'vitest';
import { registry } from '../cli/registry.js';
import { HOSTILE_MODES } from '../network/middlebox/hostile-modes.js';
import { FOREIGN_MIDDLEBOXES } from '../network/middlebox/middleboxes.js';
import { loadScenario, type Overrides } from './load.js';
import { makePlan } from './plan.js';
import { resolveRows } from './rows.js';
import { senderOf } from './uplink.js';
import { MIDDLEBOXES } from './via.js';

async function planOf(overrides: Overrides) {
  const { scenario, transports } = loadScenario('default', { via: 'nginx', ...overrides }, 2);
  const rows = await resolveRows(transports, senderOf(scenario.workload), registry);
  return makePlan(scenario, rows, { descriptors: 20_000, platform: 'linux' });
}

test('a scenario may ask for a proxy, over a distance too', async () => {
  const { scenario, estimatedMs } = await planOf({ rtt: '20ms' });
  expect(scenario).toMatchObject({
    via: { middlebox: 'nginx', configuration: 'documented' },
    network: { rttMs: 20 },
  });
  expect(estimatedMs).toBeGreaterThan((await planOf({ via: 'browser' })).estimatedMs);
});

test.each([
  [{ tls: true }, /`via: nginx:documented` is for connections in the clear.*leave out --tls/],
  [{ preset: 'web' }, /leave out --tls and --preset/],
  [{ slowReaders: '10%:stop' }, /waits in the proxy as well.*leave out/],
  [{ clients: '5000' }, /set up for 4,000 connections of clients, and here are 5,000: lower --clients/],
  [{ via: 'squid' }, /--via: `squid` is not one of browser, nginx, nginx:documented, nginx:default, haproxy/],
  [{ via: 'hostile' }, /--via: `hostile` is not one of .*hostile:buffer/],
])('%j is refused with what to do', (overrides, problem) => expect(planOf(overrides)).rejects.toThrow(problem));

test('what is named here is what there is', () => {
  expect(Object.keys(MIDDLEBOXES)).toEqual([...FOREIGN_MIDDLEBOXES.map(({ name }) => name), 'hostile']);
  expect(MIDDLEBOXES.hostile).toEqual(HOSTILE_MODES.map(({ name }) => name));
});
