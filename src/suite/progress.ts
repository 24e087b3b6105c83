import { channelOf, type Schedule } from '../load/schedule.js';
import type { CpuReading } from '../metrics/cpu-watch.js';
import type { PublishPhase, WorkerProgress } from '../protocol/messages.js';
import type { Workload } from '../scenario/scenario.js';
import type { RunProgress } from './events.js';

/** How far a run is, from what each of its workers last said of itself. The probe is worker 0. */
export class ProgressSum {
  readonly #expected: number;
  readonly #latest = new Map<number, WorkerProgress>();
  readonly #serverCpu: () => CpuReading | null;
  #before: CpuReading | null = null;

  /** `serverCpu`: looks at the server's CPU time, from outside; `null` where that cannot be. */
  constructor(schedule: Schedule, workload: Workload, serverCpu: () => CpuReading | null = () => null) {
    this.#expected = expectedDeliveries(schedule, workload, 'window');
    this.#serverCpu = serverCpu;
  }

  note(worker: number, progress: WorkerProgress): void {
    this.#latest.set(worker, progress);
  }

  /** Of this moment; the server's CPU is that since the last call. */
  take(): RunProgress {
    return {
      connected: this.#total(({ connected }) => connected),
      published: this.#total(({ published }) => published.window),
      delivered: this.#total(({ received }) => received.window),
      expected: this.#expected,
      latency: this.#latest.get(0)?.latency ?? null,
      serverCpuShare: this.#takeServerCpuShare(),
    };
  }

  #takeServerCpuShare(): number | null {
    const before = this.#before;
    const now = this.#serverCpu();
    this.#before = now;
    if (before === null || now === null || now.atUs <= before.atUs) return null;
    // Another server has taken its place, and counts from 0.
    if (now.cpuUs < before.cpuUs) return null;
    return (now.cpuUs - before.cpuUs) / (now.atUs - before.atUs);
  }

  #total(value: (progress: WorkerProgress) => number): number {
    return [...this.#latest.values()].reduce((sum, progress) => sum + value(progress), 0);
  }
}

/** Deliveries that the messages of a phase will make. */
export function expectedDeliveries(
  { channel, warmupCount }: Schedule,
  workload: Workload,
  phase: PublishPhase,
): number {
  const members = new Map<number, number>();
  for (let client = 0; client < workload.clients; client++) {
    const index = channelOf(client, workload);
    members.set(index, (members.get(index) ?? 0) + 1);
  }
  const messages = phase === 'warmup' ? channel.subarray(0, warmupCount) : channel.subarray(warmupCount);
  return messages.reduce((sum, index) => sum + (members.get(index) ?? 0), 0);
}
