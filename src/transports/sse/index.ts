import { ENDED } from '../drop-error.js';
import { httpVersionOf, httpVersionSetting, pingProblem, profileOverHttp2 } from '../http/http-version.js';
import type { Transport } from '../transport.js';
import { heartbeat } from './heartbeat.js';

const sse: Transport = {
  profile: {
    name: 'sse',
    title: 'SSE',
    titleWithUplink: 'SSE + POST',
    summary: 'the server writes events into one HTTP response that does not end',
    group: 'web',
    protocol: 'HTTP',
    connection: 'single persistent HTTP',
    delivery: 'push',
    uplink: 'separate-request',
    framing: 'text',
    reconnect: 'built-in',
    browser: 'built-in',
    endpoint: ['path', 'event'],
    resume: 'always',
    // An EventSource cannot set a header.
    auth: { ways: ['bearer', 'cookie', 'query'], browser: ['cookie', 'query'] },
    farewell: 'retry, then the end of the response',
    tooSlow: ENDED,
  },
  settings: {
    heartbeatMs: {
      kind: 'durationMs',
      default: 0,
      min: 0,
      max: 3_600_000,
      meaning:
        'time between two comments that keep an idle connection alive through proxies; the client ends one on which ' +
        'nothing came for two of them; 0: none',
    },
    retryMs: {
      kind: 'durationMs',
      default: 0,
      min: 0,
      max: 600_000,
      meaning:
        'what the server tells an EventSource to wait before it comes back by itself (retry:); 0: nothing, which is 3 s',
    },
    ...httpVersionSetting,
  },
  profileWith: (settings) =>
    httpVersionOf(settings) === 2
      ? profileOverHttp2(sse.profile, 'single persistent HTTP/2, which the uplink shares')
      : {},
  problemWith: (settings) => pingProblem(settings, 'heartbeatMs'),
  worstWaitMs: () => 0,
  heartbeat,
  server: async () => (await import('./server.js')).serverHalf,
  client: async () => (await import('./client.js')).clientHalf,
  page: async () => (await import('./page.js')).pageHalf,
  theory: async () => (await import('./theory.js')).theory,
  inspector: async () => (await import('./inspect.js')).inspector,
  conformance: async () => (await import('./conformance.js')).conformance,
};

export default sse;
