import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'bench/**/*.test.js'],
    exclude: ['src/**/*.e2e.test.ts'],
    testTimeout: 20_000,
    // Tests clean up after themselves, so a process can serve several files: half the time goes into loading otherwise.
    isolate: false,
    // The tests of one file mostly wait for sockets and timers while those of others compute: more than two cores need.
    maxWorkers: 3,
  },
});
