import { setTimeout as delay } from 'node:timers/promises';
import { readWireCounters, type WireCounters } from '../metrics/wire-counters.js';

/** An acknowledgement may be put off for 40 ms (Linux, on a path as short as loopback); with room for a late timer. */
const QUIET_MS = 60;
const LOOK_EVERY_MS = 10;
/** A technique that polls is never quiet for long. */
const MAX_WAIT_MS = 400;

/**
 * Waits until nothing has crossed loopback for a while, so that the acknowledgements of what went before are counted
 * with it; gives up after 0.4 s. Rejects when the signal aborts.
 */
export async function quietWire(
  signal: AbortSignal,
  read: () => Pick<WireCounters, 'packets'> = readWireCounters,
  sleep = (ms: number): Promise<void> => delay(ms, undefined, { signal }),
): Promise<void> {
  let { packets } = read();
  let quietMs = 0;
  for (let waitedMs = 0; quietMs < QUIET_MS && waitedMs < MAX_WAIT_MS; waitedMs += LOOK_EVERY_MS) {
    await sleep(LOOK_EVERY_MS);
    const now = read().packets;
    quietMs = now === packets ? quietMs + LOOK_EVERY_MS : 0;
    packets = now;
  }
}
