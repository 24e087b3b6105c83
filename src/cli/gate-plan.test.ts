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
    ['p99', 0.2],
  ]);
});
