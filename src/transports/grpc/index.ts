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
    resume: 'always',
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
  },
  profileWith: ({ mode }) =>
    mode === 'unary'
      ? {
          title: 'gRPC unary polling',
          summary: 'the client asks for what is new at a fixed interval, in a unary call',
          delivery: 'pull',
        }
      : {},
  worstWaitMs: ({ mode, intervalMs }) => (mode === 'unary' ? Number(intervalMs) : 0),
  server: async () => (await import('./server.js')).serverHalf,
  client: async () => (await import('./client.js')).clientHalf,
  theory: async () => (await import('./theory.js')).theory,
};

export default grpc;
