import { noticedWithinMs } from '../heartbeat.js';
import type { HeartbeatPromise, Settings } from '../transport.js';
import { pingMsOf } from './http-version.js';
import { numberOf } from './number-setting.js';

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
  const idleMs = numberOf(settings, 'idleMs');
  const timeoutMs = numberOf(settings, 'timeoutMs');
  const byTimeoutMs = everyMs + timeoutMs;
  return {
    means: pingMs > 0 ? `${means}, HTTP/2 PING` : means,
    everyMs: pingMs > 0 ? Math.min(everyMs, pingMs) : everyMs,
    clientNoticesMs: pingMs > 0 ? Math.min(byTimeoutMs, noticedWithinMs(pingMs)) : byTimeoutMs,
    serverNoticesMs: pingMs > 0 ? noticedWithinMs(pingMs) : idleMs > 0 ? heldMs + idleMs : null,
  };
}
