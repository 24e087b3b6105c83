import { readdirSync, readFileSync } from 'node:fs';

/** What is read of `/proc`; each throws where there is nothing of that name. */
export interface ProcFiles {
  readonly read: (path: string) => string;
  readonly list: (path: string) => readonly string[];
}

/** A process and those it started, whatever program they are, by their ids; the process alone where nobody tells. */
export function processTree(pid: number, files: ProcFiles = PROC): readonly number[] {
  return [pid, ...childrenOf(pid, files).flatMap((child) => processTree(child, files))];
}

/**
 * Time that a process and those it started have run on a core, all threads, µs; null where the system does not tell.
 * Threads and processes that have ended are not in it. Source: first field of `schedstat`.
 */
export function treeCpuUs(pid: number, files: ProcFiles = PROC): number | null {
  return sumOver(processTree(pid, files), (process) => {
    const tasks = `/proc/${process}/task`;
    return files.list(tasks).reduce((us, task) => us + runUs(files.read(`${tasks}/${task}/schedstat`)), 0);
  });
}

/**
 * Memory of a process and those it started, what they share counted once, bytes; null where the system does not tell.
 * Takes the kernel some milliseconds for a large process. Source: `Pss` of `smaps_rollup`.
 */
export function treeMemoryBytes(pid: number, files: ProcFiles = PROC): number | null {
  return sumOver(processTree(pid, files), (process) => {
    const kib = /^Pss: +(\d+) kB$/m.exec(files.read(`/proc/${process}/smaps_rollup`))?.[1];
    if (kib === undefined) throw new Error('no Pss');
    return Number(kib) * 1_024;
  });
}

/** Whether a process runs: one that has ended and whose end nobody has asked for yet (a zombie) does not. */
export function isRunning(pid: number, files: ProcFiles = PROC): boolean {
  try {
    const stat = files.read(`/proc/${pid}/stat`);
    // Its name stands before the state, and may hold anything.
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return answersSignal(pid);
  }
}

/** Where there is no `/proc`. */
function answersSignal(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function childrenOf(pid: number, { read, list }: ProcFiles): number[] {
  try {
    const lists = list(`/proc/${pid}/task`).map((task) => read(`/proc/${pid}/task/${task}/children`));
    return lists.flatMap((text) =>
      text
        .split(' ')
        .filter((child) => child.trim() !== '')
        .map(Number),
    );
  } catch {
    return [];
  }
}

function runUs(schedstat: string): number {
  return Number.parseInt(schedstat, 10) / 1_000;
}

function sumOver(pids: readonly number[], value: (pid: number) => number): number | null {
  try {
    return pids.reduce((sum, pid) => sum + value(pid), 0);
  } catch {
    return null;
  }
}

const PROC: ProcFiles = { read: (path) => readFileSync(path, 'utf8'), list: (path) => readdirSync(path) };
