import { describe, expect, it } from 'vitest';
import { listScenarios, loadScenario } from '../../scenario/load.js';
import { makePlan } from '../../scenario/plan.js';
import { resolveRows } from '../../scenario/rows.js';
import { senderOf } from '../../scenario/uplink.js';
import { builtInTransports, loadTransport } from '../../transports/index.js';
import { GUIDE_TECHNIQUES, GUIDE_USE_CASES } from './guide.js';

const registry = { builtIn: new Map(builtInTransports.map(({ name, module }) => [name, module])), load: loadTransport };

async function planOf(name: string) {
  const { scenario, transports } = loadScenario(name, {}, 2);
  const { scale, workload } = scenario;
  const rows = await resolveRows(transports, senderOf(workload), registry, process.cwd(), { scale });
  return makePlan(scenario, rows, { descriptors: null, platform: 'linux' });
}

describe.each(GUIDE_USE_CASES)('the use case $name', ({ scenario: name }) => {
  it('has its scenario, which measures every technique of the guide', async () => {
    expect(listScenarios().map((listing) => listing.name)).toContain(name);
    const measured = (await planOf(name)).rows.map(({ transport }) => transport);
    expect(measured).toEqual(expect.arrayContaining(GUIDE_TECHNIQUES.map(({ transport }) => transport)));
  });

  it('gives percentiles to each of its rows, and polls within the delay its user tolerates', async () => {
    const { notes, rows, scenario } = await planOf(name);
    expect(notes).toEqual([]);
    for (const { worstWaitMs } of rows) expect(worstWaitMs).toBeLessThan(scenario.toleratesMs);
  });
});
