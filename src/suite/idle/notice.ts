import { setTimeout as delay } from 'node:timers/promises';
import { IdleBench, type IdleBenchOptions } from './bench.js';

const LOOK_MS = 5;

/** For each client: ms from the moment on which everything was lost; `null`: not while it was watched. */
export interface Notice {
  readonly clientMs: readonly (number | null)[];
  /** For each connection of the server, in the order in which it closed them. */
  readonly serverMs: readonly (number | null)[];
}

/**
 * Has a relay lose everything between clients and server, neither of which is told, and watches until all have noticed,
 * for `watchMs` at the most. `null` where no connection was open at that moment.
 */
export async function measureNotice(options: Omit<IdleBenchOptions, 'relay'>, watchMs: number): Promise<Notice | null> {
  const { everyMs, signal } = options;
  const bench = await IdleBench.open({ ...options, relay: { idle: null } });
  try {
    const { clients, server, relay } = bench;
    await delay(everyMs === null ? 0 : Math.min(everyMs, watchMs), undefined, { signal });
    const lost = relay?.command({ type: 'silence', connections: 'all' }).length ?? 0;
    const startMs = performance.now();
    const serverMs: number[] = [];
    if (lost < clients.length) return null;
    for (;;) {
      const sinceMs = performance.now() - startMs;
      const closed = lost - server.door.sample().sockets.open;
      while (serverMs.length < closed) serverMs.push(sinceMs);
      const noticed = clients.every(({ droppedMs }) => droppedMs !== null) && closed >= lost;
      if (noticed || sinceMs >= watchMs) break;
      await delay(LOOK_MS, undefined, { signal });
    }
    return {
      clientMs: clients.map(({ droppedMs }) => (droppedMs === null ? null : droppedMs - startMs)),
      serverMs: Array.from({ length: lost }, (_, index) => serverMs[index] ?? null),
    };
  } finally {
    await bench.close();
  }
}
