import type { Row, Scenario } from './scenario.js';

/**
 * What a row is measured with: the scenario as it stands, save that a row inside one process has nobody but the probes,
 * on as many channels as they can share. Nothing goes up there: it would be handed to clients.
 */
export function scenarioOfRow(scenario: Scenario, { profile }: Pick<Row, 'profile'>): Scenario {
  if (!profile.inProcess) return scenario;
  const { workload, probes } = scenario;
  const channels = workload.channels === 'private' ? 'private' : Math.min(workload.channels, probes);
  return { ...scenario, slowReaders: null, workload: { ...workload, clients: probes, channels, uplink: null } };
}
