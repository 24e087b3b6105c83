// @ts-check

/** @typedef {import('../../transports/transport.js').Transport} Transport */
/** @typedef {import('../../transports/transport.js').Hub} Hub */

/**
 * The transport with one byte more around every message down, which the client takes off again. It keeps the theory of
 * the one it is made of, and that no longer holds.
 *
 * @param {Transport} transport
 * @returns {Transport}
 */
export function oneByteMore(transport) {
  const { server, client } = transport;
  if (!server) throw new Error('no server half');
  return {
    ...transport,
    profile: { ...transport.profile, name: 'one-byte-more', title: 'One byte more' },
    server: async () => {
      const half = await server();
      return { mount: (context) => half.mount({ ...context, hub: longer(context.hub) }) };
    },
    client: async () => {
      const half = await client();
      return {
        connect: (options) =>
          half.connect({ ...options, onMessage: (body, id) => options.onMessage(body.subarray(0, -1), id) }),
      };
    },
  };
}

/** @param {Hub} hub @returns {Hub} */
function longer(hub) {
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
        deliver: (message) => subscriber.deliver({ ...message, body: Buffer.concat([message.body, Buffer.from(' ')]) }),
        gap: (oldestId) => subscriber.gap(oldestId),
        tooSlow: () => subscriber.tooSlow(),
        waitingBytes: () => subscriber.waitingBytes(),
      }),
  };
}
