// @ts-check
import { EventSource } from 'eventsource';
import { HttpClient } from '../../dist/transports/http/http-client.js';
import { eventFetch } from '../../dist/transports/sse/event-fetch.js';

/**
 * `eventsource`, over the fetch that the transport gives it.
 *
 * @param {import('./main.js').ControlOptions} options
 */
export function connect({ urls, clientId, channels, onMessage }) {
  const origin = urls[clientId % urls.length] ?? '';
  const http = new HttpClient(origin, { version: 1, tls: null, answerTimeoutMs: 30_000, silenceTimeoutMs: 0 });
  const source = new EventSource(`${origin}/events?channel=${channels[0]}`, { fetch: eventFetch(http, null) });
  source.onmessage = onMessage;
  source.onerror = ({ message }) => {
    throw new Error(`${origin}: ${message ?? 'the stream ended'}`);
  };
  return new Promise((resolve) => {
    source.onopen = resolve;
  });
}
