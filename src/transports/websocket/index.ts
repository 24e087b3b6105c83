import { NO_HEARTBEAT, noticedWithinMs } from '../heartbeat.js';
import type { Transport } from '../transport.js';
import { TOO_SLOW_CODE } from './wire.js';

const websocket: Transport = {
  profile: {
    name: 'websocket',
    title: 'WebSocket',
    summary: 'the server sends each message as a frame over a connection that began as an HTTP upgrade',
    group: 'web',
    protocol: 'WS (over TCP)',
    connection: 'single persistent TCP',
    delivery: 'push',
    uplink: 'same-connection',
    framing: 'binary',
    reconnect: 'by-client',
    browser: 'built-in',
    endpoint: ['path', 'subprotocol', 'first', 'message'],
    resume: 'setting',
    // A WebSocket of a browser cannot set a header.
    auth: { ways: ['bearer', 'cookie', 'query', 'first-message'], browser: ['cookie', 'query', 'first-message'] },
    farewell: 'close frame 1001',
    tooSlow: String(TOO_SLOW_CODE),
    resumeSettings: { ids: true },
  },
  settings: {
    ids: {
      kind: 'boolean',
      default: false,
      meaning: 'send each message with its id (subprotocol rtbench.ids), so that a new connection can go on after it',
    },
    deflate: {
      kind: 'boolean',
      default: false,
      meaning: 'compress every message (permessage-deflate, context kept, no threshold), in both directions',
    },
    pingMs: {
      kind: 'durationMs',
      default: 0,
      min: 0,
      max: 3_600_000,
      meaning:
        'time between two pings of the server to a client, which answers each; either side ends a connection on ' +
        'which nothing came for two of them; 0: none',
    },
  },
  worstWaitMs: () => 0,
  heartbeat: {
    settingsAt: (everyMs) => ({ pingMs: everyMs }),
    promise({ pingMs }) {
      const everyMs = Number(pingMs);
      if (everyMs === 0) return NO_HEARTBEAT;
      return {
        means: 'ping and pong',
        everyMs,
        clientNoticesMs: noticedWithinMs(everyMs),
        serverNoticesMs: noticedWithinMs(everyMs),
      };
    },
  },
  server: async () => (await import('./server.js')).serverHalf,
  client: async () => (await import('./client.js')).clientHalf,
  page: async () => (await import('./page.js')).pageHalf,
  theory: async () => (await import('./theory.js')).theory,
  inspector: async () => (await import('./inspect.js')).inspector,
  conformance: async () => (await import('./conformance.js')).conformance,
};

export default websocket;
