import { defineConfig } from 'vitest/config';

/**
 * Files that judge counts, bytes, order, text and exit codes, and no time, rate or verdict: what else the machine does
 * cannot change what they find. A file that is not named here has the machine to itself.
 */
const BESIDE_OTHERS = [
  'src/api/api',
  'src/cli/advise',
  'src/cli/attribution',
  'src/cli/auth',
  'src/cli/browser',
  'src/cli/bytes',
  'src/cli/check',
  'src/cli/ci-output',
  'src/cli/compare',
  'src/cli/examples',
  'src/cli/init',
  'src/cli/inspect',
  'src/cli/inspect-fuzz',
  'src/cli/inspect-pcap',
  'src/cli/probe',
  'src/cli/run',
  'src/cli/run-all',
  'src/cli/serve',
  'src/cli/usage',
  'src/cli/via-proxy',
  'src/cli/wire',
  'src/cli/wire-run',
  'src/load/browser/browser-clients',
  'src/load/browser/devtools-traffic',
  'src/report/gate/simulation',
  'src/reporters/html/load-pages',
  'src/reporters/html/report-page',
  'src/suite/inspect/ledger',
  'src/suite/target',
  'src/suite/target-chat',
  'src/suite/uplink',
].map((name) => `${name}.e2e.test.ts`);

const SHARED = { testTimeout: 120_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...SHARED,
          name: 'beside others',
          include: BESIDE_OTHERS,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...SHARED,
          name: 'alone',
          include: ['src/**/*.e2e.test.ts'],
          exclude: BESIDE_OTHERS,
          fileParallelism: false,
          // Of the tests of one file that say themselves that they can go on at once: they wait, and do not compute.
          maxConcurrency: 10,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
