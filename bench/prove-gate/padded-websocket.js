// @ts-check
import websocket from '../../dist/transports/websocket/index.js';
import { padded } from '../../src/testing/one-byte-more/wrap.js';

/**
 * WebSocket with a server half that puts so many bytes behind each message, and a client half that takes them off: nothing
 * but a count of bytes can tell. Whatever the number, it has the same name and settings.
 *
 * @param {number} bytes
 */
export function websocketWith(bytes) {
  return padded(websocket, { name: 'padded-websocket', title: 'WebSocket, padded', bytes });
}
