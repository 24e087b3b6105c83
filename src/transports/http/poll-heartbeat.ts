import { noticedWithinMs } from '../heartbeat.js';
import type { HeartbeatPromise, Settings } from '../transport.js';
import { httpVersionOf, pingMsOf } from './http-version.js';
import { numberOf } from './number-setting.js';

/** The library that waits for answers looks at longer times only now and then. */
const COARSE_FROM_MS = 1_000;
const COARSE_LATENESS_MS = 1_000;

/**
 * Polls keep a connection alive by themselves.
 *
 * @param everyMs between two of them at the most.
 * @param heldMs how long the server may keep one waiting.
 */
export function promiseOfPolls(
  { means, everyMs, heldMs }: { means: string; everyMs: number; heldMs: number },
  settings: Settings,
): HeartbeatPromise {
  const pingMs = pingMsOf(settings);
  const idleMs = httpVersionOf(settings) === 1 ? numberOf(settings, 'idleMs') : 0;
  const timeoutMs = numberOf(settings, 'timeoutMs');
  const byTimeoutMs = everyMs + timeoutMs + (everyMs + timeoutMs > COARSE_FROM_MS ? COARSE_LATENESS_MS : 0);
  return {
    means: pingMs > 0 ? `${means}, HTTP/2 PING` : means,
    everyMs: pingMs > 0 ? Math.min(everyMs, pingMs) : everyMs,
    clientNoticesMs: pingMs > 0 ? Math.min(byTimeoutMs, noticedWithinMs(pingMs)) : byTimeoutMs,
    serverNoticesMs: pingMs > 0 ? 2 * pingMs : idleMs > 0 ? heldMs + idleMs : null,
  };
}
