import { channelOf, type Schedule } from '../load/schedule.js';
import type { WorkerProgress } from '../protocol/messages.js';
import type { Workload } from '../scenario/scenario.js';
import type { RunProgress } from './events.js';

/** How far a run is, from what each of its workers last said of itself. The probe is worker 0. */
export class ProgressSum {
  readonly #expected: number;
  readonly #latest = new Map<number, WorkerProgress>();

  constructor(schedule: Schedule, workload: Workload) {
    this.#expected = expectedDeliveries(schedule, workload);
  }

  note(worker: number, progress: WorkerProgress): void {
    this.#latest.set(worker, progress);
  }

  get now(): RunProgress {
    const probe = this.#latest.get(0);
    return {
      connected: this.#total(({ connected }) => connected),
      published: this.#total(({ published }) => published.window),
      delivered: this.#total(({ received }) => received.window),
      expected: this.#expected,
      p50Us: probe?.p50Us ?? null,
      p99Us: probe?.p99Us ?? null,
    };
  }

  #total(value: (progress: WorkerProgress) => number): number {
    return [...this.#latest.values()].reduce((sum, progress) => sum + value(progress), 0);
  }
}

/** Deliveries that the messages of the window will make. */
function expectedDeliveries({ channel, warmupCount }: Schedule, workload: Workload): number {
  const members = new Map<number, number>();
  for (let client = 0; client < workload.clients; client++) {
    const index = channelOf(client, workload);
    members.set(index, (members.get(index) ?? 0) + 1);
  }
  return channel.subarray(warmupCount).reduce((sum, index) => sum + (members.get(index) ?? 0), 0);
}
