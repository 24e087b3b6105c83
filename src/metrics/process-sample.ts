import type { Clock } from './clock.js';
import { runDelayUs } from './machine-sample.js';

/** What a process has used since it started. */
export interface ProcessSample {
  readonly atUs: number;
  /** User and system time of all threads, ended ones included (getrusage). */
  readonly cpuUs: number;
  readonly rssBytes: number;
  readonly loopActiveMs: number;
  readonly loopIdleMs: number;
  /** For so long the main thread was ready to run and had no core; null where the system does not tell. */
  readonly runDelayUs: number | null;
}

export function sampleProcess(clock: Clock): ProcessSample {
  const cpu = process.cpuUsage();
  const loop = performance.eventLoopUtilization();
  return {
    atUs: clock.nowUs(),
    cpuUs: cpu.user + cpu.system,
    rssBytes: process.memoryUsage.rss(),
    loopActiveMs: loop.active,
    loopIdleMs: loop.idle,
    runDelayUs: runDelayUs(),
  };
}
