import { noticedWithinMs } from '../heartbeat.js';
import type { Transport } from '../transport.js';

const grpc: Transport = {
  profile: {
    name: 'grpc',
    title: 'gRPC streaming',
    summary: 'the server writes each message to a call that stays open, over HTTP/2',
    group: 'rpc',
    protocol: 'gRPC (HTTP/2)',
    connection: 'single persistent HTTP/2',
    delivery: 'push',
    uplink: 'same-connection',
    framing: 'binary',
    reconnect: 'by-client',
    browser: 'unavailable',
    browserObstacle: 'gRPC ends its answers with HTTP/2 trailers, which no browser shows to a page',
    resume: 'always',
    auth: { ways: ['bearer'], browser: [] },
    farewell: 'status OK, then GOAWAY',
    tooSlow: 'RESOURCE_EXHAUSTED',
  },
  settings: {
    mode: {
      kind: 'choice',
      default: 'stream',
      choices: ['stream', 'unary'],
      meaning:
        'stream: messages come in a call that stays open (server streaming; bidirectional where the client publishes); ' +
        'unary: the client asks for what is new every intervalMs (and publishes by client streaming)',
    },
    intervalMs: {
      kind: 'durationMs',
      default: 500,
      min: 1,
      max: 3_600_000,
      meaning: 'time between two requests in mode unary',
    },
    channel: {
      kind: 'choice',
      default: 'own',
      choices: ['own', 'shared'],
      meaning: 'own: each client has a TCP connection to itself; shared: the clients of a process have one together',
    },
    pingMs: {
      kind: 'durationMs',
      default: 0,
      min: 0,
      max: 3_600_000,
      meaning:
        'time between two HTTP/2 PINGs of the client (keepalive), which the server answers; the client ends a ' +
        'connection on which the answer takes as long, the server one on which nothing came for two of them; 0: none',
    },
  },
  profileWith: ({ mode, channel }) => ({
    ...(mode === 'unary' && {
      title: 'gRPC unary polling',
      summary: 'the client asks for what is new at a fixed interval, in a unary call',
      delivery: 'pull',
    }),
    ...(channel === 'shared' && { sharesConnection: true }),
  }),
  worstWaitMs: ({ mode, intervalMs }) => (mode === 'unary' ? Number(intervalMs) : 0),
  heartbeat: {
    settingsAt: (everyMs) => ({ pingMs: everyMs }),
    promise(settings) {
      const pingMs = Number(settings.pingMs);
      const pollMs = settings.mode === 'unary' ? Number(settings.intervalMs) : 0;
      const means = [...(pollMs > 0 ? ['polls'] : []), ...(pingMs > 0 ? ['HTTP/2 PING'] : [])];
      return {
        means: means.length === 0 ? null : means.join(', '),
        everyMs: means.length === 0 ? null : Math.min(...[pingMs, pollMs].filter((ms) => ms > 0)),
        // Gone right after an answer: the next ping goes out, and its answer is waited for.
        clientNoticesMs: pingMs > 0 ? 2 * pingMs : null,
        serverNoticesMs: pingMs > 0 ? noticedWithinMs(pingMs) : null,
      };
    },
  },
  server: async () => (await import('./server.js')).serverHalf,
  client: async () => (await import('./client.js')).clientHalf,
  theory: async () => (await import('./theory.js')).theory,
  inspector: async () => (await import('./inspect.js')).inspector,
};

export default grpc;
