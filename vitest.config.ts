import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Where Vitest knows no times yet, as in a fresh clone, it begins with the largest files. This one is among the smallest,
 * as its tests stand elsewhere, and takes longest: at the end it would run alone.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLongest = ({ moduleId }: TestSpecification) => moduleId.endsWith('/src/server/contract.test.ts');
    return [...sorted.filter(isLongest), ...sorted.filter((file) => !isLongest(file))];
  }
}

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'bench/**/*.test.js'],
    exclude: ['src/**/*.e2e.test.ts'],
    testTimeout: 20_000,
    // Tests clean up after themselves, so a process can serve several files: half the time goes into loading otherwise.
    isolate: false,
    // The tests of one file mostly wait for sockets and timers while those of others compute: more than two cores need.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
  },
});
