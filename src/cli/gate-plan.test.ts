import { expect, it } from 'vitest';
import { planPairs, readPairRequest } from './gate-plan.js';

it('of thresholds of a figure the last stands, and one of all is one of each', () => {
  const thresholdsOf = (...threshold: readonly string[]) =>
    readPairRequest({ transport: [], alpha: '5%', threshold }).figures.map(({ name, threshold: share }) => [
      name,
      share,
    ]);
  expect(thresholdsOf('p50=5%', 'p99=10%', 'p99=5%')).toEqual([
    ['cpu', 0.03],
    ['p50', 0.05],
    ['p99', 0.05],
  ]);
  expect(thresholdsOf('cpu=1%', '20%', 'p50=2%')).toEqual([
    ['cpu', 0.2],
    ['p50', 0.02],
  ]);
});

it('looks at a figure that a threshold names, unless the list of figures leaves it out', () => {
  const read = (figures: string | undefined, ...threshold: string[]) =>
    readPairRequest({ transport: [], alpha: '5%', threshold, ...(figures && { figures }) });
  const names = (...given: Parameters<typeof read>) => read(...given).figures.map(({ name }) => name);
  expect(names(undefined)).toEqual(['cpu', 'p50']);
  expect(names(undefined, 'p99=10%')).toEqual(['cpu', 'p50', 'p99']);
  expect(names('p99', '5%')).toEqual(['p99']);
  expect(() => names('cpu', 'p99=10%')).toThrow(
    '--threshold: `p99=10%` is of a figure that --figures leaves out: add it',
  );
});

it('times all clients, up to 20, save where the scenario has slow readers', async () => {
  const probesOf = async (scenario: string, clients?: string) => {
    const flags = { transport: ['websocket'], alpha: '5%', threshold: [], ...(clients && { clients }) };
    return (await planPairs(scenario, flags, readPairRequest(flags))).plan.scenario.probes;
  };
  expect(await probesOf('default')).toBe(20);
  expect(await probesOf('default', '5')).toBe(5);
  expect(await probesOf('default', '100')).toBe(20);
  expect(await probesOf('slow-readers')).toBe(5);
});
