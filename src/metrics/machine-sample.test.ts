import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { type ReadText, runDelayUs, sampleMachine } from './machine-sample.js';

function reading(files: Readonly<Record<string, string>>): ReadText {
  return (path) => files[path] ?? null;
}

const NOTHING = reading({});

describe('the machine', () => {
  it('is busy with all but idling, waiting for disks and what the hypervisor took', () => {
    const stat = 'cpu  100 20 30 4000 5 6 7 8 90 9\ncpu0 1 2 3 4 5 6 7 8 9 10\nintr 5\n';
    expect(sampleMachine(reading({ '/proc/stat': stat })).cpu).toEqual({
      busyMs: (100 + 20 + 30 + 6 + 7) * 10,
      stealMs: 80,
      capacityMs: (100 + 20 + 30 + 6 + 7 + 8 + 4000 + 5) * 10,
    });
  });

  it('tells nothing where there is no /proc, or one of another form', () => {
    expect(sampleMachine(NOTHING)).toEqual({ cpu: null, throttledMs: null });
    expect(sampleMachine(reading({ '/proc/stat': 'cpu  1 2 3 4\n' })).cpu).toBeNull();
  });

  it('never runs backwards', () => {
    const [before, after] = [sampleMachine().cpu, sampleMachine().cpu];
    if (before === null || after === null) return expect(process.platform).not.toBe('linux');
    expect(after.busyMs).toBeGreaterThanOrEqual(before.busyMs);
    expect(after.capacityMs).toBeGreaterThan(availableParallelism());
  });
});

describe('a CPU limit', () => {
  it.each<[what: string, throttledMs: number | null, files: Readonly<Record<string, string>>]>([
    ['of the group', 2.5, { '/sys/fs/cgroup/a/b/cpu.stat': 'usage_usec 9\nthrottled_usec 2500\n' }],
    ['above it', 7, { '/sys/fs/cgroup/a/cpu.stat': 'throttled_usec 7000\n' }],
    ['that held nothing back', 0, { '/sys/fs/cgroup/a/b/cpu.stat': 'throttled_usec 0\n' }],
    [
      'of both: the longer',
      9,
      { '/sys/fs/cgroup/a/b/cpu.stat': 'throttled_usec 1000\n', '/sys/fs/cgroup/cpu.stat': 'throttled_usec 9000\n' },
    ],
    ['of version 1', 3, { '/sys/fs/cgroup/cpu/c/cpu.stat': 'nr_throttled 4\nthrottled_time 3000000\n' }],
    ['that nobody tells of', null, {}],
  ])('%s', (_what, throttledMs, files) => {
    const read = reading({ '/proc/self/cgroup': '4:cpu,cpuacct:/c\n3:cpuset:/x\n0::/a/b\n', ...files });
    expect(sampleMachine(read).throttledMs).toBe(throttledMs);
  });
});

describe('run delay', () => {
  it('is the second figure of schedstat', () => {
    expect(runDelayUs(reading({ '/proc/self/schedstat': '2196378 401700 2\n' }))).toBe(401.7);
    expect(runDelayUs(NOTHING)).toBeNull();
  });
});
