import { NO_HEARTBEAT, noticedWithinMs } from '../heartbeat.js';
import { httpVersionOf, pingMsOf } from '../http/http-version.js';
import { numberOf } from '../http/number-setting.js';
import type { Heartbeat, Settings } from '../transport.js';

/** Comments over HTTP/1.1; over HTTP/2 its own PING, which the client answers. */
export const heartbeat: Heartbeat = {
  settingsAt: (everyMs, settings) => (httpVersionOf(settings) === 2 ? { pingMs: everyMs } : { heartbeatMs: everyMs }),
  promise(settings) {
    const pingMs = pingMsOf(settings);
    const everyMs = heartbeatMsOf(settings);
    if (everyMs === 0) return NO_HEARTBEAT;
    return {
      means: pingMs > 0 ? 'HTTP/2 PING' : 'comments',
      everyMs,
      clientNoticesMs: noticedWithinMs(everyMs),
      // Nothing of SSE goes up, not even an answer to a comment.
      serverNoticesMs: pingMs > 0 ? noticedWithinMs(pingMs) : null,
    };
  },
};

/** Longest time in ms in which nothing goes to the client; 0: any. */
export function heartbeatMsOf(settings: Settings): number {
  const periodsMs = [numberOf(settings, 'heartbeatMs'), pingMsOf(settings)].filter((ms) => ms > 0);
  return periodsMs.length === 0 ? 0 : Math.min(...periodsMs);
}
