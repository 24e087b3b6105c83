import { expect, it } from 'vitest';
import { sampleKernelBytes } from './kernel-memory.js';

it('is the slab that cannot be reclaimed, in bytes', () => {
  const meminfo = 'Slab:             286272 kB\nSReclaimable:     201000 kB\nSUnreclaim:        85272 kB\n';
  expect(sampleKernelBytes(() => meminfo)).toBe(85_272 * 1_024);
});

it('is null where the system does not tell', () => {
  expect(sampleKernelBytes(() => 'MemTotal: 1 kB\n')).toBeNull();
  expect(
    sampleKernelBytes(() => {
      throw new Error('ENOENT');
    }),
  ).toBeNull();
});
