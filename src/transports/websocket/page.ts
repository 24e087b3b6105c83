import type { PageHalf } from '../page.js';

/** By the browser's own `WebSocket`. It offers compression always; the server takes it where `deflate` is set. */
export const pageHalf: PageHalf = ({ url, clientId, channels, since, settings, onOpen, onMessage, onDrop, onGap }) => {
  const withIds = settings.ids === true;
  const address = new URL('/ws', url.replace(/^http/, 'ws'));
  for (const channel of channels) address.searchParams.append('channel', channel);
  if (since !== null) address.searchParams.set('since', String(since));
  address.searchParams.set('client', String(clientId));
  const socket = new WebSocket(address, withIds ? 'rtbench.ids' : 'rtbench');
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => onOpen();
  socket.onmessage = ({ data }) => {
    if (!withIds) {
      onMessage(data, null);
    } else if (typeof data === 'string') {
      const end = data.indexOf(' ');
      onMessage(data.slice(end + 1), Number(data.slice(0, end)));
    } else {
      const end = new Uint8Array(data).indexOf(0x20);
      onMessage(data.slice(end + 1), Number(new TextDecoder().decode(data.slice(0, end))));
    }
  };
  socket.onclose = ({ code, reason }) => {
    const oldest = code === 4410 ? /^oldest=(\d+)$/.exec(reason)?.[1] : undefined;
    if (oldest !== undefined) onGap(Number(oldest));
    onDrop(`closed with code ${code} ${reason}`.trimEnd());
  };
  return () => socket.close(1000);
};
