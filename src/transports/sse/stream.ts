import type { EventSource } from 'eventsource';
import { fill } from '../endpoint.js';
import type { ConnectOptions } from '../transport.js';
import { BASE64_EVENT, GAP_EVENT } from './events.js';

/** How long a server may take to begin its answer. */
export const ANSWER_TIMEOUT_MS = 30_000;

/** Path and query of the stream. */
export function pathOf({
  channels,
  clientId,
  endpoint,
}: Pick<ConnectOptions, 'channels' | 'clientId' | 'endpoint'>): string {
  const to = { channel: channels[0] ?? '', client: clientId };
  if (endpoint?.path !== undefined) return fill(endpoint.path, to, encodeURIComponent);
  return `/events?${channels.map((channel) => `channel=${encodeURIComponent(channel)}`).join('&')}`;
}

/** Hands on what the stream says, until it has ended for the client. */
export function hear(
  source: EventSource,
  { endpoint, onMessage, onGap }: Pick<ConnectOptions, 'endpoint' | 'onMessage' | 'onGap'>,
  hasEnded: () => boolean,
): void {
  source.addEventListener(endpoint?.event ?? 'message', ({ data, lastEventId }) => {
    if (!hasEnded()) onMessage(Buffer.from(data), Number(lastEventId));
  });
  source.addEventListener(BASE64_EVENT, ({ data, lastEventId }) => {
    if (!hasEnded()) onMessage(Buffer.from(data, 'base64'), Number(lastEventId));
  });
  source.addEventListener(GAP_EVENT, ({ data }) => {
    if (!hasEnded()) onGap(Number(data));
  });
}
