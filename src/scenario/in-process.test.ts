import { expect, it } from 'vitest';
import harness from '../transports/harness/index.js';
import tcp from '../transports/tcp/index.js';
import { scenarioOfRow } from './in-process.js';
import { loadScenario } from './load.js';

const { scenario } = loadScenario('chat', {}, 2);

it('a row over a network is measured with the scenario as it stands', () => {
  expect(scenarioOfRow(scenario, tcp)).toBe(scenario);
});

it('a row inside one process has the probes for its clients, on no more channels than they can share', () => {
  const many = { ...scenario, probes: 3, workload: { ...scenario.workload, channels: 20 } };
  expect(scenarioOfRow(many, harness)).toEqual({ ...many, workload: { ...many.workload, clients: 3, channels: 3 } });
  const few = { ...many, workload: { ...many.workload, channels: 2 } };
  expect(scenarioOfRow(few, harness).workload.channels).toBe(2);
  const echo = { ...many, workload: { ...many.workload, channels: 'private' as const } };
  expect(scenarioOfRow(echo, harness).workload.channels).toBe('private');
});
