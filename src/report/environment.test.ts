import { describe, expect, it } from 'vitest';
import { type EnvironmentSources, readEnvironment } from './environment.js';
import { environmentSchema } from './schema.js';

const facts = { pinning: null, deflateRatio: 0.7 };
const bare: EnvironmentSources = {
  nodeVersion: 'v20.18.1',
  os: 'Darwin arm64',
  kernel: '24.0.0',
  cpu: '',
  cores: 8,
  memoryBytes: 1,
  readText: () => null,
  packageVersion: () => null,
};
const withFiles = (files: Record<string, string>): EnvironmentSources => ({
  ...bare,
  readText: (path) => files[path] ?? null,
});

describe('readEnvironment', () => {
  it('reads this machine', () => {
    const environment = readEnvironment(facts);
    expect(environmentSchema.parse(environment)).toEqual(environment);
    expect(environment.node).toBe(process.version);
    expect(environment.memoryBytes).toBeGreaterThan(0);
  });

  it('finds the installed version of every library, also of those that hide their package.json', () => {
    const { libraries } = readEnvironment(facts);
    expect(Object.keys(libraries)).toEqual([
      'ws',
      'undici',
      'eventsource',
      'eventsource-parser',
      '@grpc/grpc-js',
      'hdr-histogram-js',
    ]);
    for (const version of Object.values(libraries)) expect(version).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('is null, not wrong, where the platform tells nothing', () => {
    const environment = readEnvironment(facts, bare);
    expect(environmentSchema.parse(environment)).toEqual(environment);
    expect(environment).toMatchObject({
      cpu: 'unknown',
      descriptors: null,
      tcpCongestion: null,
      cgroupCpuMax: null,
      libraries: {},
    });
  });

  it('reads the soft limit of open files and the congestion control', () => {
    const environment = readEnvironment(
      facts,
      withFiles({
        '/proc/self/limits':
          'Limit  Soft Limit  Hard Limit  Units\nMax open files            1024    524288    files\n',
        '/proc/sys/net/ipv4/tcp_congestion_control': 'bbr\n',
      }),
    );
    expect(environment).toMatchObject({ descriptors: 1_024, tcpCongestion: 'bbr' });
  });

  it('has no number for an unlimited number of open files', () => {
    const limits = { '/proc/self/limits': 'Max open files            unlimited    unlimited    files\n' };
    expect(readEnvironment(facts, withFiles(limits)).descriptors).toBeNull();
  });

  it('finds the CPU limit of the nearest cgroup that has one', () => {
    const files = {
      '/proc/self/cgroup': '4:memory:/x\n0::/pod/box\n',
      '/sys/fs/cgroup/pod/box/cpu.max': 'max 100000\n',
      '/sys/fs/cgroup/pod/cpu.max': '150000 100000\n',
    };
    expect(readEnvironment(facts, withFiles(files)).cgroupCpuMax).toBe('150000 100000');
    const unlimited = { ...files, '/sys/fs/cgroup/pod/cpu.max': 'max 100000\n' };
    expect(readEnvironment(facts, withFiles(unlimited)).cgroupCpuMax).toBe('max 100000');
  });

  it('keeps what it was told', () => {
    const environment = readEnvironment({ pinning: { server: '0' }, deflateRatio: null }, bare);
    expect(environment).toMatchObject({ pinning: { server: '0' }, deflateRatio: null });
  });
});
