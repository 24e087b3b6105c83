import { numberOf } from '../http/number-setting.js';
import { connectPolling } from '../http/poll-client.js';
import type { ClientHalf } from '../transport.js';

export const clientHalf: ClientHalf = {
  connect: (options) =>
    connectPolling(options, {
      holdMs: numberOf(options.settings, 'holdMs'),
      newConnections: false,
      pauseMs: () => 0,
    }),
};
