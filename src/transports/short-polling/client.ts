import { numberOf } from '../http/number-setting.js';
import { connectPolling } from '../http/poll-client.js';
import type { ClientHalf } from '../transport.js';
import { pausesBetweenPolls } from './poll-times.js';

export const clientHalf: ClientHalf = {
  connect(options) {
    const { settings, phase } = options;
    const times = { startMs: performance.now(), intervalMs: numberOf(settings, 'intervalMs'), phase };
    return connectPolling(options, {
      holdMs: 0,
      newConnections: settings.keepAlive === false,
      pauseMs: pausesBetweenPolls(times, () => performance.now()),
    });
  },
};
