import { fillWhole, type HttpExchange, type HttpMessage } from '../http/conversation.js';
import { decodeHttp } from '../http/decode-http.js';
import type { Inspector } from '../inspection.js';
import { fill } from '../inspection-draft.js';
import { decodeEvents } from './decode-events.js';

export const inspector: Inspector = {
  decode(streams) {
    const { drafts, exchanges } = decodeHttp(streams);
    for (const exchange of exchanges) readBodies(exchange);
    return drafts.map((draft) => draft.finish());
  },
};

const MESSAGE = { kind: 'payload', name: 'body', value: '', meaning: 'a message from the client' } as const;
const OTHER = {
  kind: 'headers',
  name: 'body',
  value: '',
  meaning: 'of an answer that is no stream of events',
} as const;

function readBodies({ request, response }: HttpExchange): void {
  if (request) fillWhole(request, MESSAGE);
  if (!response) return;
  if (/^text\/event-stream\b/i.test(response.fields.get('content-type') ?? '')) readStream(response);
  else fillWhole(response, OTHER);
}

function readStream({ body, slots, drafts }: HttpMessage): void {
  fill(slots, decodeEvents(body));
  const ofBody = new Set(slots);
  for (const draft of drafts) {
    const content = draft.contentIn(ofBody);
    if (content.length === 0) continue;
    const silent = content.every(({ kind }) => kind === 'heartbeats');
    // What carries a heartbeat is there for it as well.
    if (silent) draft.kind = 'heartbeats';
    draft.title += silent ? ': comment' : content.some(({ name }) => name === 'data') ? ': event' : ': fields';
  }
}
