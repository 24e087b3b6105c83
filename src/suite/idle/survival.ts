import { setTimeout as delay } from 'node:timers/promises';
import { IdleBench, type IdleBenchOptions } from './bench.js';

/** How long clients are watched, of the timeout: one interval after it everything has been decided, and then some. */
const WATCH_SHARE = 1.2;
const SLACK_MS = 250;

/** How many of the clients kept their connection through something that resets those idle for `timeoutMs`. */
export async function measureSurvival(options: Omit<IdleBenchOptions, 'relay'>, timeoutMs: number): Promise<number> {
  const bench = await IdleBench.open({ ...options, relay: { idle: { afterMs: timeoutMs, end: 'reset' } } });
  try {
    await delay(WATCH_SHARE * timeoutMs + SLACK_MS, undefined, { signal: options.signal });
    return bench.clients.filter(({ droppedMs }) => droppedMs === null).length;
  } finally {
    await bench.close();
  }
}
