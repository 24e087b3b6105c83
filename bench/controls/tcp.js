// @ts-check
import { connect as connectSocket } from 'node:net';
import { encodeFrame, FrameReader } from '../../dist/transports/tcp/frames.js';
import { MAX_DOWN_BYTES } from '../../dist/transports/tcp/wire.js';

/**
 * `node:net`, cut into frames. Resolves with the first frame, which says that the client is subscribed.
 *
 * @param {import('./main.js').ControlOptions} options
 * @returns {Promise<void>}
 */
export function connect({ urls, clientId, channels, onMessage }) {
  const { hostname, port } = new URL(urls[clientId % urls.length] ?? '');
  const socket = connectSocket({ host: hostname, port: Number(port), noDelay: true });
  socket.write(encodeFrame(Buffer.from(JSON.stringify({ channels, since: null }))));
  return new Promise((resolve) => {
    const reader = new FrameReader(MAX_DOWN_BYTES, onMessage);
    socket.once('data', () => resolve());
    socket.on('data', (chunk) => reader.push(chunk));
  });
}
