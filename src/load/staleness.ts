import { AgeTally } from '../metrics/ages.js';
import type { Staleness } from '../metrics/tally.js';
import type { PublishPhase } from '../protocol/messages.js';
import type { Workload } from '../scenario/scenario.js';
import type { ArrivalLog } from './arrivals.js';
import type { Schedule } from './schedule.js';

export interface StalenessOptions {
  readonly arrivals: ArrivalLog;
  readonly schedule: Schedule;
  readonly workload: Pick<Workload, 'warmupMs' | 'durationMs'>;
  /** First instants of the phases, µs. */
  readonly startUs: Readonly<Record<PublishPhase, number>>;
  /** `Transport.worstWaitMs` of the run. */
  readonly worstWaitMs: number;
}

/**
 * How old the newest message is that each client holds, over the window: now − the due time of the newest message of
 * its channel that has arrived.
 *
 * Between warm-up and window nothing is due until all of the warm-up has arrived. That pause is the instrument's, so it
 * ages nothing: a message of the warm-up counts as due as long before the window as it was before the warm-up's end. And
 * a client that polls holds all of the warm-up when the window begins, more than it ever would; so the first interval
 * of a pull is left out.
 */
export function stalenessOf({ arrivals, schedule, workload, startUs, worstWaitMs }: StalenessOptions): Staleness {
  const ages = new AgeTally();
  const toUs = startUs.window + workload.durationMs * 1_000;
  const fromUs = Math.min(toUs, startUs.window + worstWaitMs * 1_000);
  const pauseUs = startUs.window - (startUs.warmup + workload.warmupMs * 1_000);
  const { cellsFrom, sequenceOfCell, arrivedUs, dueUs } = arrivals;
  const slots = cellsFrom.length - 1;
  for (let slot = 0; slot < slots; slot++) {
    const held = [];
    for (let cell = cellsFrom[slot] ?? 0; cell < (cellsFrom[slot + 1] ?? 0); cell++) {
      const sequence = sequenceOfCell[cell] ?? 0;
      const atUs = arrivedUs[cell] ?? Number.NaN;
      const shiftUs = sequence < schedule.warmupCount ? pauseUs : 0;
      if (atUs <= toUs) held.push({ arrivedUs: atUs, dueUs: (dueUs[sequence] ?? 0) + shiftUs });
    }
    addAges(ages, held, fromUs, toUs);
  }
  return {
    clientUs: slots * (toUs - fromUs),
    heldUs: ages.totalUs,
    meanUs: ages.meanUs,
    histogram: ages.encode(),
  };
}

interface Held {
  readonly arrivedUs: number;
  readonly dueUs: number;
}

/** The ages of one client between two instants, from when it first holds something. */
function addAges(ages: AgeTally, held: Held[], fromUs: number, toUs: number): void {
  held.sort((a, b) => a.arrivedUs - b.arrivedUs);
  let newestDueUs = Number.NEGATIVE_INFINITY;
  let sinceUs = fromUs;
  const passTo = (atUs: number) => {
    if (atUs <= sinceUs) return;
    if (newestDueUs > Number.NEGATIVE_INFINITY) ages.add(sinceUs - newestDueUs, atUs - newestDueUs);
    sinceUs = atUs;
  };
  for (const { arrivedUs, dueUs } of held) {
    // One that was overtaken on its way makes nothing younger.
    if (dueUs <= newestDueUs) continue;
    passTo(arrivedUs);
    newestDueUs = dueUs;
  }
  passTo(toUs);
}
