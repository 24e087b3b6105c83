import type { Transport } from '../transport.js';

const harness: Transport = {
  profile: {
    name: 'harness',
    title: 'Harness (no transport)',
    summary: 'the publisher hands each message to the recorder of the same process: what the instrument itself adds',
    group: 'control',
    inProcess: true,
    protocol: 'none',
    connection: 'none',
    delivery: 'push',
    uplink: 'same-connection',
    framing: 'binary',
    reconnect: 'by-client',
    browser: 'unavailable',
    resume: 'none',
  },
  settings: {},
  worstWaitMs: () => 0,
  client: async () => (await import('./client.js')).openProcess(),
};

export default harness;
