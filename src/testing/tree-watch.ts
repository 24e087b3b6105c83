import { readFileSync } from 'node:fs';
import { isRunning, processTree } from '../metrics/process-tree.js';

const LOOK_MS = 50;

export interface TreeWatch {
  /** Most memory that the processes which ran at one time had held at most, bytes; 0 where the system does not tell. */
  readonly peakBytes: number;
  /** Of the processes that were ever seen, those that still run. */
  readonly left: readonly number[];
  stop(): void;
}

/** Looks at a process and all it starts until it is stopped. */
export function watchTree(pid: number): TreeWatch {
  const seen = new Set<number>();
  let peakBytes = 0;
  const look = () => {
    const tree = processTree(pid);
    for (const each of tree) seen.add(each);
    peakBytes = Math.max(
      peakBytes,
      tree.reduce((sum, each) => sum + highWaterBytes(each), 0),
    );
  };
  const timer = setInterval(look, LOOK_MS);
  look();
  return {
    get peakBytes() {
      return peakBytes;
    },
    get left() {
      return [...seen].filter((each) => isRunning(each));
    },
    stop: () => clearInterval(timer),
  };
}

/** The most that a process has ever held. */
function highWaterBytes(pid: number): number {
  try {
    const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kib ?? 0) * 1_024;
  } catch {
    // It has ended, or there is no /proc.
    return 0;
  }
}
