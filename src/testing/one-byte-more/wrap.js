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
  return padded(transport, { name: 'one-byte-more', title: 'One byte more', bytes: 1 });
}

/**
 * The same with any number of bytes, none too.
 *
 * @param {Transport} transport
 * @param {{ name: string, title: string, bytes: number }} padding
 * @returns {Transport}
 */
export function padded(transport, { name, title, bytes }) {
  const { server, client } = transport;
  if (!server) throw new Error('no server half');
  return {
    ...transport,
    profile: { ...transport.profile, name, title },
    server: async () => {
      const half = await server();
      return { mount: (context) => half.mount({ ...context, hub: longer(context.hub, bytes) }) };
    },
    client: async () => {
      const half = await client();
      return {
        connect: (options) =>
          half.connect({
            ...options,
            onMessage: (body, id) => options.onMessage(body.subarray(0, body.length - bytes), id),
          }),
      };
    },
  };
}

/** @param {Hub} hub @param {number} bytes @returns {Hub} */
function longer(hub, bytes) {
  const blanks = Buffer.alloc(bytes, ' ');
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
