import { expect, it } from 'vitest';
import { refuseTiming } from './gate.js';

const UNSAID = { scenario: 'default', threshold: [], alpha: '5%' };

it('without a base and a head, what is for times is refused by its name', () => {
  const refused = (options: object) => () => refuseTiming({ ...UNSAID, ...options });
  expect(refused({ baseline: 'mine.json', quiet: true })).not.toThrow();
  expect(refused({ scenario: './rtbench.yaml' })).toThrow(/^--scenario: for times, .*--base-ref/);
  expect(refused({ threshold: ['cpu=2%'], out: 'x', seed: '1' })).toThrow(/^--threshold, --seed, --out: /);
  expect(refused({ dryRun: true, iMayLoadThisHost: true })).toThrow(/^--dry-run, --i-may-load-this-host: /);
});
