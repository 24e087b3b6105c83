import { EventSource } from 'eventsource';
import { ENDED } from '../drop-error.js';
import { connectOverHttp, type HttpLink } from '../http/http-connection.js';
import type { ClientHalf, ConnectOptions } from '../transport.js';
import { eventFetch } from './event-fetch.js';
import { heartbeatMsOf } from './heartbeat.js';
import { connectNatively } from './native.js';
import { ANSWER_TIMEOUT_MS, hear, pathOf } from './stream.js';

export const clientHalf: ClientHalf = {
  connect(options) {
    if (options.native) return connectNatively(options, options.native);
    const heartbeatMs = heartbeatMsOf(options.settings);
    const linkOptions = { answerTimeoutMs: ANSWER_TIMEOUT_MS, silenceTimeoutMs: 0, heartbeatMs };
    return connectOverHttp(options, linkOptions, (link) => listen(link, options));
  },
};

/** Opens the stream; returns what closes it. */
function listen(link: HttpLink, options: ConnectOptions): () => void {
  const source = new EventSource(link.origin + pathOf(options), {
    fetch: eventFetch(link.http, options.since, options.endpoint?.maxMessageBytes),
  });
  source.onopen = () => link.opened();
  hear(source, options, () => link.ended);
  // The library would come back by itself after 3 s; whether to reconnect is not the transport's decision.
  source.onerror = ({ message }) => link.fail(message ?? 'the server ended the stream', ENDED);
  return () => source.close();
}
