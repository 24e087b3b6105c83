import { expect, it } from 'vitest';
import { readPairRequest } from './gate-plan.js';

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
