import { HTTP2_STREAM, httpVersionOf, pingMsOf } from '../http/http-version.js';
import { pinging } from '../http/http2-pings.js';
import { uplinkEndpoint } from '../http/uplink-endpoint.js';
import type { ServerHalf } from '../transport.js';
import { EventsEndpoint } from './events-endpoint.js';

export const serverHalf: ServerHalf = {
  mount(context) {
    const events = new EventsEndpoint(context);
    const isHttp2 = httpVersionOf(context.settings) === 2;
    const pingMs = pingMsOf(context.settings);
    return {
      accept: isHttp2 ? 'http2' : 'http1',
      uncounted: isHttp2 ? HTTP2_STREAM : undefined,
      routes: {
        'GET /events': pingMs > 0 ? pinging(events.handle, pingMs, context.ledger) : events.handle,
        'POST /messages': uplinkEndpoint(context),
      },
      drain: () => events.drain(),
      async close() {
        events.close();
      },
    };
  },
};
