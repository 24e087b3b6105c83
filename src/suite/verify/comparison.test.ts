import { expect, test } from 'vitest';
import { comparisonChecks } from './comparison.js';

test('871 bytes against 2 are 909 with line ends, and 8.55 : 1 with a body at the IP layer', async () => {
  const checks = await comparisonChecks();
  expect(checks.map(({ state }) => state)).toEqual(checks.map(() => 'passed'));
  const measured = checks.map(({ measured }) => measured ?? Number.NaN);
  expect(measured.slice(0, 3)).toEqual([871, 909, 2]);
  expect(measured.slice(3)).toEqual([871 / 2, 930 / 23, (930 + 3 * 52) / (23 + 2 * 52)]);
  expect((measured[5] ?? 0).toFixed(2)).toBe('8.55');
});
