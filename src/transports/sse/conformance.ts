import { type Conformance, excerpt } from '../conformance.js';
import { askForHead } from '../http/bounded-request.js';
import { publishCheck, whyAbsentAt } from '../http/endpoint-checks.js';
import { PATH, streamChecks } from './conformance-checks.js';

export const conformance: Conformance = {
  async whyAbsent(peer) {
    const answer = await askForHead(peer, { method: 'GET', path: `${PATH}?channel=${peer.newChannel()}` });
    answer.destroy();
    return whyAbsentAt(PATH, answer.statusCode ?? 0);
  },
  checks: [publishCheck, ...streamChecks],
  usualPaths: [PATH, '/stream', '/sse', '/updates', '/notifications', '/api/events', '/api/stream', '/'],
  async find(peer, path) {
    const answer = await askForHead(peer, { method: 'GET', path, headers: { Accept: 'text/event-stream' } });
    answer.destroy();
    const type = answer.headers['content-type'] ?? '';
    return answer.statusCode === 200 && /^text\/event-stream\b/i.test(type)
      ? `200 ${excerpt(type).slice(1, -1)}`
      : null;
  },
};
