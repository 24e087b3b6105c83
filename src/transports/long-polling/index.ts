import { httpVersionOf, httpVersionSetting, pingProblem, profileOverHttp2 } from '../http/http-version.js';
import { numberOf } from '../http/number-setting.js';
import { promiseOfPolls } from '../http/poll-heartbeat.js';
import { pollSettings } from '../http/poll-settings.js';
import type { Transport } from '../transport.js';

const longPolling: Transport = {
  profile: {
    name: 'long-polling',
    title: 'Long polling',
    summary: 'the client asks for what is new; the server keeps the request until there is something, or time is up',
    group: 'web',
    protocol: 'HTTP',
    connection: 'held open, a new request after each response',
    delivery: 'pull',
    uplink: 'separate-request',
    framing: 'binary',
    reconnect: 'by-client',
    browser: 'built-in',
    endpoint: ['path'],
    resume: 'always',
    auth: { ways: ['bearer', 'cookie', 'query'], browser: ['bearer', 'cookie', 'query'] },
    farewell: 'an answer with Connection: close',
  },
  settings: {
    holdMs: {
      kind: 'durationMs',
      default: 25_000,
      min: 100,
      max: 600_000,
      meaning: 'longest time the server keeps a request before it answers with nothing',
    },
    ...pollSettings,
    ...httpVersionSetting,
  },
  profileWith: (settings) =>
    httpVersionOf(settings) === 2
      ? profileOverHttp2(
          longPolling.profile,
          'one HTTP/2 connection, a request held open on it, a new one after each response',
        )
      : {},
  problemWith: (settings) => pingProblem(settings, 'a shorter holdMs'),
  worstWaitMs: () => 0,
  heartbeat: {
    settingsAt: (everyMs, settings) =>
      httpVersionOf(settings) === 2 ? { pingMs: everyMs } : { holdMs: everyMs, timeoutMs: everyMs, idleMs: everyMs },
    promise(settings) {
      const holdMs = numberOf(settings, 'holdMs');
      return promiseOfPolls({ means: 'held polls', everyMs: holdMs, heldMs: holdMs }, settings);
    },
  },
  server: async () => (await import('./server.js')).serverHalf,
  client: async () => (await import('./client.js')).clientHalf,
  page: async () => (await import('./page.js')).pageHalf,
  theory: async () => (await import('./theory.js')).theory,
  inspector: async () => (await import('./inspect.js')).inspector,
  conformance: async () => (await import('./conformance.js')).conformance,
};

export default longPolling;
