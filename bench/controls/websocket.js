// @ts-check
import { once } from 'node:events';
import { WebSocket } from 'ws';

/**
 * `ws`, without compression.
 *
 * @param {import('./main.js').ControlOptions} options
 */
export async function connect({ urls, clientId, channels, onMessage }) {
  const socket = new WebSocket(`${urls[clientId % urls.length]}/ws?channel=${channels[0]}`, 'rtbench', {
    perMessageDeflate: false,
  });
  socket.on('message', onMessage);
  await once(socket, 'open');
}
