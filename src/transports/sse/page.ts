import type { PageHalf } from '../page.js';

/** By the browser's own `EventSource`, which is closed at the first error: to come back is for whoever opened it. */
export const pageHalf: PageHalf = ({ url, clientId, channels, since, onOpen, onMessage, onDrop, onGap }) => {
  const address = new URL('/events', url);
  for (const channel of channels) address.searchParams.append('channel', channel);
  // A page cannot set the header Last-Event-ID of the first request.
  if (since !== null) address.searchParams.set('since', String(since));
  address.searchParams.set('client', String(clientId));
  const source = new EventSource(address);
  source.onopen = () => onOpen();
  source.onmessage = (event) => onMessage(String(event.data), Number(event.lastEventId));
  source.addEventListener('base64', (event) => {
    if (event instanceof MessageEvent) onMessage(String(event.data), Number(event.lastEventId), 'base64');
  });
  source.addEventListener('gap', (event) => {
    if (event instanceof MessageEvent) onGap(Number(event.data));
  });
  source.onerror = () => {
    source.close();
    onDrop('the event stream has ended');
  };
  return () => source.close();
};
