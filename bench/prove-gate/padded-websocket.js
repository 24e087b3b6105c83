// @ts-check
import websocket from '../../dist/transports/websocket/index.js';

/**
 * WebSocket with a server half that puts so many bytes behind each message, and a client half that takes them off: nothing
 * but a count of bytes can tell. Whatever the number, it has the same name and settings.
 *
 * @param {number} paddingBytes
 * @returns {import('../../dist/transports/transport.js').Transport}
 */
export function websocketWith(paddingBytes) {
  return {
    ...websocket,
    profile: { ...websocket.profile, name: 'padded-websocket', title: 'WebSocket, padded' },
    async server() {
      if (!websocket.server) throw new Error('WebSocket has no server half');
      const half = await websocket.server();
      return { mount: (context) => half.mount({ ...context, hub: padding(context.hub, paddingBytes) }) };
    },
    async client() {
      const half = await websocket.client();
      return {
        connect: (options) =>
          half.connect({
            ...options,
            onMessage: (body, id) => options.onMessage(body.subarray(0, body.length - paddingBytes), id),
          }),
      };
    },
  };
}

/**
 * The same hub, whose messages are longer for subscribers.
 *
 * @param {import('../../dist/transports/transport.js').Hub} hub
 * @param {number} paddingBytes
 * @returns {import('../../dist/transports/transport.js').Hub}
 */
function padding(hub, paddingBytes) {
  const blanks = Buffer.alloc(paddingBytes, ' ');
  return {
    get lastId() {
      return hub.lastId;
    },
    receive: (channel, body) => hub.receive(channel, body),
    read: (channels, since, localPort) => hub.read(channels, since, localPort),
    waitFor: (channels, onMessage) => hub.waitFor(channels, onMessage),
    subscribe: (channels, since, subscriber) =>
      hub.subscribe(channels, since, {
        localPort: subscriber.localPort,
        deliver: (message) => subscriber.deliver({ ...message, body: Buffer.concat([message.body, blanks]) }),
        gap: (oldestId) => subscriber.gap(oldestId),
        tooSlow: () => subscriber.tooSlow(),
        waitingBytes: () => subscriber.waitingBytes(),
      }),
  };
}
