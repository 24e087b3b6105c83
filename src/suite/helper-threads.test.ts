import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { idleHelperThreads } from './helper-threads.js';

const SCHED_OTHER = 0;
const SCHED_IDLE = 5;
const noChrt = process.platform !== 'linux' || spawnSync('chrt', ['--version']).error !== undefined;

test.skipIf(noChrt)('the helper threads of a process become idle ones, its first thread stays as it is', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume(); console.log("up")'], { stdio: 'pipe' });
  try {
    await once(child.stdout, 'data');
    const pid = child.pid ?? 0;
    await idleHelperThreads(pid);
    const helpers = readdirSync(`/proc/${pid}/task`).map(Number);
    expect(helpers.length).toBeGreaterThan(1);
    for (const thread of helpers) {
      expect(policyOf(pid, thread)).toBe(thread === pid ? SCHED_OTHER : SCHED_IDLE);
    }
  } finally {
    child.kill('SIGKILL');
    await once(child, 'close');
  }
});

test('a process that is gone is no error', async () => {
  await idleHelperThreads(2 ** 30);
});

/** Field 41 of proc_pid_stat(5); the second, the name, may hold spaces. */
function policyOf(pid: number, thread: number): number {
  const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[38]);
}
