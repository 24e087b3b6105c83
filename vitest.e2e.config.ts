import { defineConfig } from 'vitest/config';

// End-to-end tests spawn the build and measure: one file at a time, so that no two measure at once.
export default defineConfig({
  test: {
    include: ['src/**/*.e2e.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
