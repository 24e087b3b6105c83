import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { isRunning, type ProcFiles, processTree, treeCpuUs, treeMemoryBytes } from './process-tree.js';

/** A master with two threads, one worker of the first, one of the second. */
const FILES: Readonly<Record<string, string>> = {
  '/proc/10/task/10/children': '20 ',
  '/proc/10/task/11/children': '30 ',
  '/proc/20/task/20/children': '',
  '/proc/30/task/30/children': '',
  '/proc/10/task/10/schedstat': '1000000 5 7\n',
  '/proc/10/task/11/schedstat': '2000000 5 7\n',
  '/proc/20/task/20/schedstat': '4000000 5 7\n',
  '/proc/30/task/30/schedstat': '8000000 5 7\n',
  '/proc/10/smaps_rollup': '5555-7777 ---p [rollup]\nRss:     900 kB\nPss:     100 kB\nPss_Anon: 1 kB\n',
  '/proc/20/smaps_rollup': 'Pss:      20 kB\n',
  '/proc/30/smaps_rollup': 'Pss:       3 kB\n',
};

function procOf(files: Readonly<Record<string, string>>): ProcFiles {
  return {
    read(path) {
      const text = files[path];
      if (text === undefined) throw new Error(`no ${path}`);
      return text;
    },
    list(path) {
      const names = Object.keys(files).flatMap((file) =>
        file.startsWith(`${path}/`) ? file.slice(path.length + 1) : [],
      );
      if (names.length === 0) throw new Error(`no ${path}`);
      return [...new Set(names.map((name) => name.split('/')[0] ?? ''))];
    },
  };
}

test('all processes and threads of a program count, and what it shares is counted once', () => {
  const files = procOf(FILES);
  expect(processTree(10, files)).toEqual([10, 20, 30]);
  expect(treeCpuUs(10, files)).toBe(15_000);
  expect(treeMemoryBytes(10, files)).toBe(123 * 1_024);
});

test('what the system does not tell is null', () => {
  const files = procOf({});
  expect(processTree(10, files)).toEqual([10]);
  expect(treeCpuUs(10, files)).toBeNull();
  expect(treeMemoryBytes(10, files)).toBeNull();
  expect(treeMemoryBytes(20, procOf({ '/proc/20/smaps_rollup': 'Rss: 5 kB\n' }))).toBeNull();
});

/** A shell that stays, and what it started. */
async function shellWithChild(): Promise<ChildProcess> {
  const shell = spawn('sh', ['-c', 'sleep 60 & echo started; wait'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  onTestFinished(() => {
    if (shell.pid !== undefined) process.kill(-shell.pid, 'SIGKILL');
  });
  if (shell.stdout) await once(shell.stdout, 'data');
  return shell;
}

test.skipIf(process.platform !== 'linux')('of a real process and its child', async () => {
  const { pid = 0 } = await shellWithChild();
  expect(processTree(pid)).toHaveLength(2);
  expect(treeCpuUs(pid)).toBeGreaterThan(0);
  expect(treeMemoryBytes(pid)).toBeGreaterThan(50_000);
});

test('a process that has ended does not run, though nobody has asked for its end yet', () => {
  const files = procOf({
    '/proc/4000001/stat': '4000001 (a) Z b) Z 1 1',
    '/proc/4000002/stat': '4000002 (node) S 1 1',
  });
  expect(isRunning(4_000_001, files)).toBe(false);
  expect(isRunning(4_000_002, files)).toBe(true);
  expect(isRunning(4_000_003, files)).toBe(false);
});
