import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Cores for each role: the server has the first to itself, the load shares the others. */
export function pinningPlan(cores = availableParallelism()): { readonly server: string; readonly load: string } {
  return cores < 2 ? { server: '0', load: '0' } : { server: '0', load: cores === 2 ? '1' : `1-${cores - 1}` };
}

/** Pins processes to cores by `taskset`. Rejects where there is no such command. */
export async function pin(server: number, load: readonly number[]): Promise<void> {
  const plan = pinningPlan();
  await Promise.all([pinProcess(server, plan.server), ...load.map((pid) => pinProcess(pid, plan.load))]);
}

async function pinProcess(pid: number, cores: string): Promise<void> {
  await run('taskset', ['--all-tasks', '--cpu-list', '--pid', cores, String(pid)]);
}
