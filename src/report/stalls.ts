import type { Gap } from '../metrics/gap-watch.js';
import { processName, type RoundMeasurement } from './round-measurement.js';

/** A time in the window in which a process did not turn its event loop. */
export interface Stall {
  /** `server`, `probe`, `crowd 1`. */
  readonly process: string;
  /** From the start of the window, ms. */
  readonly atMs: number;
  readonly forMs: number;
  /** Whether the process worked in one go; else it stood still: it was stopped, or had no core. */
  readonly busy: boolean;
}

/** Shortest stalls that are told, ms. To work in one go for a while is how a server sends one message to thousands. */
const TOLD_MS = { still: 100, busy: 500 };

/** Stalls in the window, in the order of processes and time; a load process that was busy in one go had none. */
export function stallsOf(measured: RoundMeasurement): Stall[] {
  const ofLoad = measured.workers.flatMap(({ tally }, index) =>
    tally.stalls.flatMap((gap) => stallOfLoad(measured, processName(measured.workers, index), gap)),
  );
  // Where all happens in one process, no message reaches the server.
  const gaps = measured.row.profile.inProcess ? [] : measured.server.drained.gaps;
  const ofServer = gaps.flatMap((gap) => stallOfServer(measured, gap));
  // Messages that were due while their publisher stalled had not reached the server.
  const own = ofServer.filter((stall) => !ofLoad.some((other) => overlap(stall, other)));
  return [...own, ...ofLoad];
}

function stallOfLoad(measured: RoundMeasurement, process: string, { fromUs, toUs, busyShare }: Gap): Stall[] {
  const { startUs } = measured.window;
  const from = Math.max(fromUs, startUs);
  const to = Math.min(toUs, measured.server.drained.atUs);
  const stall = { process, atMs: (from - startUs) / 1_000, forMs: (to - from) / 1_000, busy: busyShare > 0.5 };
  return !stall.busy && stall.forMs >= TOLD_MS.still ? [stall] : [];
}

/** A gap between two messages at the server is a stall from the first message on that was due in it. */
function stallOfServer({ window: { startUs, dueOffsetsUs } }: RoundMeasurement, gap: Gap): Stall[] {
  const dueUs = startUs + firstAtOrAfter(dueOffsetsUs, gap.fromUs - startUs);
  if (!(dueUs < gap.toUs)) return [];
  const busy = gap.busyShare > 0.5;
  const stall = { process: 'server', atMs: (dueUs - startUs) / 1_000, forMs: (gap.toUs - dueUs) / 1_000, busy };
  return stall.forMs >= (busy ? TOLD_MS.busy : TOLD_MS.still) ? [stall] : [];
}

/** In ascending numbers; infinite where there is none. */
function firstAtOrAfter(ascending: ArrayLike<number>, from: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return ascending[low] ?? Number.POSITIVE_INFINITY;
}

/** Whether the server stood still because that was done to it, or while another one took its place. */
export function isInjected({ process, atMs, forMs }: Stall, { faults, window }: RoundMeasurement): boolean {
  if (process !== 'server') return false;
  return (faults?.injected ?? []).some(({ atUs, overUs }) => {
    const fault = { atMs: (atUs - window.startUs) / 1_000, forMs: (overUs - atUs) / 1_000 };
    return atMs < fault.atMs + fault.forMs && fault.atMs < atMs + forMs;
  });
}

function overlap(a: Stall, b: Stall): boolean {
  return a.atMs < b.atMs + b.forMs && b.atMs < a.atMs + a.forMs;
}
