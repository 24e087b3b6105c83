import { connectPolling } from '../http/poll-client.js';
import { numberOf } from '../http/poll-settings.js';
import type { ClientHalf } from '../transport.js';
import { nextPollMs } from './poll-times.js';

export const clientHalf: ClientHalf = {
  connect(options) {
    const { settings, phase } = options;
    const times = { startMs: performance.now(), intervalMs: numberOf(settings, 'intervalMs'), phase };
    let dueMs = 0;
    return connectPolling(options, {
      holdMs: 0,
      newConnections: settings.keepAlive === false,
      pauseMs() {
        const nowMs = performance.now();
        // A poll that came early by its timer's rounding must not be repeated at its due time.
        dueMs = nextPollMs(times, Math.max(nowMs, dueMs));
        return Math.ceil(dueMs - nowMs);
      },
    });
  },
};
