import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the whole machine has used since it started; null where the system does not tell. */
export interface MachineSample {
  /** Of all cores together; `capacityMs` is all the time there was, idle time included. In steps of 10 ms. */
  readonly cpu: MachineCpu | null;
  /** Time for which a CPU limit (cgroup) held this process's group back, summed over cores. */
  readonly throttledMs: number | null;
}

export interface MachineCpu {
  /** Running programs and serving interrupts. */
  readonly busyMs: number;
  /** Ready to run, while the hypervisor ran something else. */
  readonly stealMs: number;
  readonly capacityMs: number;
}

/** Text of a file; null where there is none. */
export type ReadText = (path: string) => string | null;

/** The kernel counts in ticks of 1/100 s towards programs, whatever its own are (`USER_HZ`). */
const TICK_MS = 10;

/** Two reads of small files, some tens of µs. */
export function sampleMachine(read: ReadText = readText): MachineSample {
  return { cpu: cpuOf(read('/proc/stat')), throttledMs: throttledMs(read) };
}

/**
 * How long the main thread of this process has been ready to run and waiting for a core since it started, µs; null
 * where the system does not tell. Source: second field of `schedstat`.
 */
export function runDelayUs(read: ReadText = readText): number | null {
  const waitedNs = /^\d+ (\d+) /.exec(read('/proc/self/schedstat') ?? '')?.[1];
  return waitedNs === undefined ? null : Number(waitedNs) / 1_000;
}

/** The first line of `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal; guests are in user. */
function cpuOf(stat: string | null): MachineCpu | null {
  const fields = /^cpu +([\d ]+)$/m
    .exec(stat ?? '')?.[1]
    ?.split(' ')
    .map(Number);
  if (fields === undefined || fields.length < 8) return null;
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = fields;
  const busy = user + nice + system + irq + softirq;
  return {
    busyMs: busy * TICK_MS,
    stealMs: steal * TICK_MS,
    capacityMs: (busy + steal + idle + iowait) * TICK_MS,
  };
}

/** Version 2 of cgroups says it in µs, version 1 in ns. The group's own limit or one above it: whichever held longer. */
function throttledMs(read: ReadText): number | null {
  const groups = read('/proc/self/cgroup') ?? '';
  const unified = /^0::(\/.*)$/m.exec(groups)?.[1];
  const cpu = /^\d+:(?:[^:]*,)?cpu(?:,[^:]*)?:(\/.*)$/m.exec(groups)?.[1];
  const found = [
    ...statsUpwards(read, '/sys/fs/cgroup', unified, /^throttled_usec (\d+)$/m, 1_000),
    ...statsUpwards(read, '/sys/fs/cgroup/cpu', cpu, /^throttled_time (\d+)$/m, 1_000_000),
  ];
  return found.length > 0 ? Math.max(...found) : null;
}

function statsUpwards(read: ReadText, mount: string, group: string | undefined, field: RegExp, unitsPerMs: number) {
  const found: number[] = [];
  for (let path = group; path !== undefined; path = parentOf(path)) {
    const value = field.exec(read(join(mount, path, 'cpu.stat')) ?? '')?.[1];
    if (value !== undefined) found.push(Number(value) / unitsPerMs);
  }
  return found;
}

function parentOf(path: string): string | undefined {
  return path === '/' ? undefined : path.slice(0, path.lastIndexOf('/')) || '/';
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
