import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Has the engine's helper threads of a process (its compiler, its collector) run only on a core that nothing else
 * wants, by `chrt --idle`. A helper thread that the kernel wakes on the core of the thread that publishes keeps it off
 * for up to some milliseconds, though the next core is free; a lower priority does not prevent that, this does.
 *
 * What can be done is done: without /proc or `chrt`, or where it is not allowed, they stay as they are.
 */
export async function idleHelperThreads(pid: number): Promise<void> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const helpers = threads.filter((thread) => Number(thread) !== pid);
  await Promise.allSettled(helpers.map((thread) => run('chrt', ['--idle', '--pid', '0', thread])));
}
