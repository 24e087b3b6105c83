import { readdirSync, readFileSync } from 'node:fs';
import type { Clock } from './clock.js';

const LOOK_MS = 50;

/** CPU time so far. */
export interface CpuReading {
  readonly atUs: number;
  readonly cpuUs: number;
}

/**
 * CPU time of all threads that a process has now, µs, by the kernel's books (Linux: first field of each thread's
 * `schedstat`, ns); `null` where the system keeps none or the process is gone.
 */
export function cpuUsOf(pid: number): number | null {
  try {
    let ns = 0;
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      ns += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ', 1)[0]);
    }
    return ns / 1_000;
  } catch {
    return null;
  }
}

/**
 * Looks at another process's CPU time every 50 ms, from outside: what is looked at is not woken for it. Where another
 * process takes its place, its time is added.
 */
export class CpuWatch {
  readonly #clock: Clock;
  readonly #pid: () => number;
  readonly #cpuUsOf: (pid: number) => number | null;
  readonly #readings: CpuReading[] = [];
  /** Of the processes before this one. */
  #pastUs = 0;
  #latest: { readonly pid: number; readonly cpuUs: number } | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `pid`: of the process that is looked at just now. */
  constructor(clock: Clock, pid: () => number, cpuUs = cpuUsOf) {
    this.#clock = clock;
    this.#pid = pid;
    this.#cpuUsOf = cpuUs;
  }

  start(): void {
    this.look();
    this.#timer = setInterval(() => this.look(), LOOK_MS);
  }

  /** Takes a reading now; none where the process cannot be read. */
  look(): void {
    const pid = this.#pid();
    const cpuUs = this.#cpuUsOf(pid);
    if (cpuUs === null) return;
    if (this.#latest !== undefined && this.#latest.pid !== pid) this.#pastUs += this.#latest.cpuUs;
    this.#latest = { pid, cpuUs };
    this.#readings.push({ atUs: this.#clock.nowUs(), cpuUs: this.#pastUs + cpuUs });
  }

  /** Ends it. Idempotent. */
  stop(): readonly CpuReading[] {
    clearInterval(this.#timer);
    return this.#readings;
  }
}

/**
 * Share of one core from the last reading that is not after `fromUs` to the first that is not before `toUs`; `null` where
 * there are not two.
 */
export function cpuShareBetween(
  readings: readonly CpuReading[],
  fromUs: number,
  toUs: number,
): { readonly share: number; readonly overUs: number } | null {
  const first = readings.findLast(({ atUs }) => atUs <= fromUs) ?? readings[0];
  const last = readings.find(({ atUs }) => atUs >= toUs) ?? readings.at(-1);
  if (first === undefined || last === undefined || last.atUs <= first.atUs) return null;
  const overUs = last.atUs - first.atUs;
  return { share: (last.cpuUs - first.cpuUs) / overUs, overUs };
}
