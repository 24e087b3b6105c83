import { connectPolling } from '../http/poll-client.js';
import { numberOf } from '../http/poll-settings.js';
import type { ClientHalf } from '../transport.js';

export const clientHalf: ClientHalf = {
  connect: (options) =>
    connectPolling(options, {
      holdMs: numberOf(options.settings, 'holdMs'),
      newConnections: false,
      pauseMs: () => 0,
    }),
};
