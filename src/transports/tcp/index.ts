import { ENDED } from '../drop-error.js';
import type { Transport } from '../transport.js';

const tcp: Transport = {
  profile: {
    name: 'tcp',
    title: 'TCP (floor)',
    summary: 'the server writes each message, with a length before it, to a bare TCP socket',
    group: 'control',
    protocol: 'TCP',
    connection: 'single persistent TCP',
    delivery: 'push',
    uplink: 'same-connection',
    framing: 'binary',
    reconnect: 'by-client',
    browser: 'unavailable',
    browserObstacle: 'a page cannot open a bare TCP socket',
    resume: 'always',
    auth: { ways: ['first-message'], browser: [] },
    farewell: 'FIN after the last message',
    tooSlow: ENDED,
  },
  settings: {},
  worstWaitMs: () => 0,
  server: async () => (await import('./server.js')).serverHalf,
  client: async () => (await import('./client.js')).clientHalf,
  theory: async () => (await import('./theory.js')).theory,
};

export default tcp;
