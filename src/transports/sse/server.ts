import { uplinkEndpoint } from '../http/uplink-endpoint.js';
import type { ServerHalf } from '../transport.js';
import { EventsEndpoint } from './events-endpoint.js';

export const serverHalf: ServerHalf = {
  mount(context) {
    const events = new EventsEndpoint(context);
    return {
      accept: 'http1',
      routes: { 'GET /events': events.handle, 'POST /messages': uplinkEndpoint(context) },
      async close() {
        events.close();
      },
    };
  },
};
