import type { Inspector } from '../inspection.js';
import { fill } from '../inspection-draft.js';
import { fillWhole, type HttpExchange } from './conversation.js';
import { decodeHttp } from './decode-http.js';
import { decodePage } from './decode-page.js';

/** Of polls, short and long. A poll that brought nothing is for nothing else, request and answer. */
export const inspector: Inspector = {
  decode(streams) {
    const { drafts, exchanges } = decodeHttp(streams);
    for (const exchange of exchanges) readBodies(exchange);
    return drafts.map((draft) => draft.finish());
  },
};

const MESSAGE = { kind: 'payload', name: 'body', value: '', meaning: 'a message from the client' } as const;
const OTHER = { kind: 'headers', name: 'body', value: '', meaning: '' } as const;

function readBodies({ request, response }: HttpExchange): void {
  if (request) fillWhole(request, MESSAGE);
  const page = response && decodePage(response.body, response.fields.get('content-type') ?? '');
  if (response && page) fill(response.slots, page.parts);
  else if (response) fillWhole(response, OTHER);
  if (request?.method !== 'GET' || (page?.messages ?? 0) > 0) return;
  for (const draft of [...request.drafts, ...(response?.drafts ?? [])]) draft.kind = 'emptyPolls';
  const answer = response?.drafts[0];
  if (answer) answer.note('fact', 'an empty poll: it brought no message');
}
