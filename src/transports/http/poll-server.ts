import type { MountContext, ServerHalf } from '../transport.js';
import { HTTP2_REQUESTS, httpVersionOf, pingMsOf } from './http-version.js';
import { pinging } from './http2-pings.js';
import { MessagesEndpoint } from './messages-endpoint.js';
import { uplinkEndpoint } from './uplink-endpoint.js';

/** The server half of every technique that polls: it does not matter to it when a client comes, or how long it waits. */
export const pollServerHalf: ServerHalf = {
  mount(context: MountContext) {
    const messages = new MessagesEndpoint(context);
    const isHttp2 = httpVersionOf(context.settings) === 2;
    const pingMs = pingMsOf(context.settings);
    return {
      accept: isHttp2 ? 'http2' : 'http1',
      uncounted: isHttp2 ? HTTP2_REQUESTS : undefined,
      routes: {
        'GET /messages': pingMs > 0 ? pinging(messages.handle, pingMs, context.ledger) : messages.handle,
        'POST /messages': uplinkEndpoint(context),
      },
      drain: () => messages.drain(),
      async close() {
        messages.close();
      },
    };
  },
};
