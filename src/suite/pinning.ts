import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { messageOf } from '../errors.js';

const run = promisify(execFile);

/** Lists of cores as `taskset` takes them, such as `1-3,6`. */
export interface PinningPlan {
  readonly server: string;
  readonly load: string;
}

/** Cores for each role: the server has the first to itself, the load shares the others. */
export function pinningPlan(cores: readonly number[] = allowedCores()): PinningPlan {
  const [first = 0, ...others] = cores;
  const server = String(first);
  return { server, load: others.length > 0 ? spellCores(others) : server };
}

/** Pins processes to cores by `taskset`. Rejects where there is no such command, and when a process is gone. */
export async function pin(server: number, load: readonly number[]): Promise<void> {
  const plan = pinningPlan();
  await Promise.all([pinProcess(server, plan.server), ...load.map((pid) => pinProcess(pid, plan.load))]);
}

/** `0-2,5` → 0, 1, 2, 5, as the kernel writes it in `Cpus_allowed_list`. */
export function parseCores(list: string): readonly number[] {
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

/** The inverse: ascending cores, neighbours joined. */
function spellCores(cores: readonly number[]): string {
  const ranges: { first: number; last: number }[] = [];
  for (const core of cores) {
    const open = ranges.at(-1);
    if (open && core === open.last + 1) open.last = core;
    else ranges.push({ first: core, last: core });
  }
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

/** Cores that this process, and so its children, may run on: a container or an outer `taskset` may leave out some. */
function allowedCores(): readonly number[] {
  return readAllowedCores('self') ?? Array.from({ length: availableParallelism() }, (_, core) => core);
}

/** `undefined` where there is no /proc, or no such process. */
function readAllowedCores(pid: number | 'self'): readonly number[] | undefined {
  try {
    const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return list === undefined ? undefined : parseCores(list);
  } catch {
    return undefined;
  }
}

async function pinProcess(pid: number, cores: string): Promise<void> {
  const refuse = (why: string, cause?: unknown) => {
    return new Error(`--pin: process ${pid} cannot have cores ${cores} to itself: ${why}`, { cause });
  };
  try {
    await run('taskset', ['--all-tasks', '--cpu-list', '--pid', cores, String(pid)]);
  } catch (error) {
    throw refuse(isNoCommand(error) ? 'there is no taskset here; leave --pin out' : messageOf(error), error);
  }
  // taskset may end well though the process that it was to pin has ended.
  const held = readAllowedCores(pid);
  if (held === undefined) throw refuse('it has ended');
  if (spellCores(held) !== cores) throw refuse(`it still runs on ${spellCores(held)}`);
}

function isNoCommand(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
