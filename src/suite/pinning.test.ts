import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { pin, pinningPlan } from './pinning.js';

describe('the plan', () => {
  it.each([
    [1, '0', '0'],
    [2, '0', '1'],
    [3, '0', '1-2'],
    [8, '0', '1-7'],
  ])('of %i cores gives the server %s and the load %s', (cores, server, load) => {
    expect(pinningPlan(cores)).toEqual({ server, load });
  });

  it('is made for this machine where no number is given', () => {
    expect(pinningPlan()).toEqual(pinningPlan(availableParallelism()));
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
});

it('rejects where there is no taskset', async () => {
  vi.stubEnv('PATH', '/nowhere');
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(pin(process.pid, [])).rejects.toMatchObject({ code: 'ENOENT' });
});
