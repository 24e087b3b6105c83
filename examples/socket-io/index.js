/**
 * Socket.IO as a technique of rtbench: its own server and client, over WebSocket. See docs/own-technique.md.
 *
 * @type {import('rtbench').Transport}
 */
const socketIo = {
  profile: {
    name: 'socket-io',
    title: 'Socket.IO',
    summary: 'the server emits an event to each client over a WebSocket, in the framing of Socket.IO',
    group: 'web',
    protocol: 'WS (over TCP)',
    connection: 'single persistent TCP',
    delivery: 'push',
    uplink: 'same-connection',
    framing: 'binary',
    reconnect: 'by-client',
    browser: 'library',
    resume: 'always',
  },
  settings: {
    deflate: { kind: 'boolean', default: false, meaning: 'compress every message (permessage-deflate)' },
  },
  worstWaitMs: () => 0,
  server: async () => (await import('./server.js')).serverHalf,
  client: async () => (await import('./client.js')).clientHalf,
};

export default socketIo;
