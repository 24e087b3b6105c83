import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { parseCores, pin, pinningPlan } from './pinning.js';

describe('the plan', () => {
  it.each([
    ['0', '0', '0'],
    ['0-1', '0', '1'],
    ['0-2', '0', '1-2'],
    ['0-7', '0', '1-7'],
    ['5', '5', '5'],
    ['2-3', '2', '3'],
    ['1,3,5-7,9', '1', '3,5-7,9'],
  ])('of cores %s gives the server %s and the load %s', (cores, server, load) => {
    expect(pinningPlan(parseCores(cores))).toEqual({ server, load });
  });

  it.runIf(process.platform === 'linux')('has the cores that this process may run on where none are given', () => {
    const allowed = /Cpus_allowed_list:\s*(\S+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
    expect(pinningPlan()).toEqual(pinningPlan(parseCores(allowed)));
  });
});

const hasTaskset = spawnSync('taskset', ['--version']).status === 0;

describe.skipIf(!hasTaskset)('pinning', () => {
  /** A process with more than one thread that does nothing. */
  async function startIdle(): Promise<number> {
    const child = spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1_000)']);
    onTestFinished(async () => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    });
    await once(child.stdout, 'data');
    return child.pid ?? 0;
  }

  /** Cores that each thread of a process may run on. */
  function coresOf(pid: number): string[] {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.map((thread) => {
      const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8');
      return /Cpus_allowed_list:\s*(\S+)/.exec(status)?.[1] ?? '';
    });
  }

  it('holds for every thread of every process', async () => {
    const [server, probe, crowd] = await Promise.all([startIdle(), startIdle(), startIdle()]);
    await pin(server, [probe, crowd]);
    const plan = pinningPlan();
    expect(new Set(coresOf(server))).toEqual(new Set([plan.server]));
    expect(new Set([...coresOf(probe), ...coresOf(crowd)])).toEqual(new Set([plan.load]));
    expect(coresOf(server).length).toBeGreaterThan(1);
  });

  it('of a process that has ended rejects', async () => {
    const server = await startIdle();
    const gone = spawn(process.execPath, ['-e', '']);
    await once(gone, 'exit');
    await expect(pin(server, [gone.pid ?? 0])).rejects.toThrow(`--pin: process ${gone.pid} cannot have cores`);
  });
});

it('where there is no taskset says so, and what to do', async () => {
  vi.stubEnv('PATH', '/nowhere');
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(pin(process.pid, [])).rejects.toThrow(/there is no taskset here; leave --pin out/);
});
