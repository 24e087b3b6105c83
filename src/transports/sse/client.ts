import { EventSource } from 'eventsource';
import { ENDED } from '../drop-error.js';
import { connectOverHttp, type HttpLink } from '../http/http-connection.js';
import type { ClientHalf, ConnectOptions } from '../transport.js';
import { eventFetch } from './event-fetch.js';
import { BASE64_EVENT, GAP_EVENT } from './events.js';
import { heartbeatMsOf } from './heartbeat.js';

const ANSWER_TIMEOUT_MS = 30_000;

export const clientHalf: ClientHalf = {
  connect(options) {
    const heartbeatMs = heartbeatMsOf(options.settings);
    const linkOptions = { answerTimeoutMs: ANSWER_TIMEOUT_MS, silenceTimeoutMs: 0, heartbeatMs };
    return connectOverHttp(options, linkOptions, (link) => listen(link, options));
  },
};

/** Opens the stream; returns what closes it. */
function listen(link: HttpLink, { channels, since, onMessage, onGap }: ConnectOptions): () => void {
  const query = channels.map((channel) => `channel=${encodeURIComponent(channel)}`).join('&');
  const source = new EventSource(`${link.origin}/events?${query}`, { fetch: eventFetch(link.http, since) });
  source.onopen = () => link.opened();
  source.onmessage = ({ data, lastEventId }) => {
    if (!link.ended) onMessage(Buffer.from(data), Number(lastEventId));
  };
  source.addEventListener(BASE64_EVENT, ({ data, lastEventId }) => {
    if (!link.ended) onMessage(Buffer.from(data, 'base64'), Number(lastEventId));
  });
  source.addEventListener(GAP_EVENT, ({ data }) => {
    if (!link.ended) onGap(Number(data));
  });
  // The library would come back by itself after 3 s; whether to reconnect is not the transport's decision.
  source.onerror = ({ message }) => link.fail(message ?? 'the server ended the stream', ENDED);
  return () => source.close();
}
