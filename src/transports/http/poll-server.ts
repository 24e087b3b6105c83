import type { MountContext, ServerHalf } from '../transport.js';
import { MessagesEndpoint } from './messages-endpoint.js';
import { uplinkEndpoint } from './uplink-endpoint.js';

/** The server half of every technique that polls: it does not matter to it when a client comes, or how long it waits. */
export const pollServerHalf: ServerHalf = {
  mount(context: MountContext) {
    const messages = new MessagesEndpoint(context);
    return {
      accept: 'http1',
      routes: { 'GET /messages': messages.handle, 'POST /messages': uplinkEndpoint(context) },
      async close() {
        messages.close();
      },
    };
  },
};
