import { httpVersionOf, httpVersionSetting, pingProblem, profileOverHttp2 } from '../http/http-version.js';
import { numberOf } from '../http/number-setting.js';
import { promiseOfPolls } from '../http/poll-heartbeat.js';
import { pollSettings } from '../http/poll-settings.js';
import type { Transport } from '../transport.js';

const shortPolling: Transport = {
  profile: {
    name: 'short-polling',
    title: 'Short polling',
    summary: 'the client asks for what is new at a fixed interval; the server answers at once, mostly with nothing',
    group: 'web',
    protocol: 'HTTP',
    connection: 'new request every interval, on a kept connection or (keepAlive=false) a new one',
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
    intervalMs: {
      kind: 'durationMs',
      default: 500,
      min: 1,
      max: 3_600_000,
      meaning: 'time from one poll to the next; a poll whose predecessor is still under way is skipped',
    },
    keepAlive: {
      kind: 'boolean',
      default: true,
      meaning: 'keep the TCP connection between polls; false: a new connection for each poll',
    },
    ...pollSettings,
    ...httpVersionSetting,
  },
  profileWith: (settings) =>
    httpVersionOf(settings) === 2
      ? profileOverHttp2(shortPolling.profile, 'one HTTP/2 connection, a new request on it every interval')
      : settings.keepAlive === false
        ? { browser: 'unavailable', browserObstacle: 'a page cannot have a new connection for each request' }
        : {},
  problemWith(settings) {
    if (settings.keepAlive === false && httpVersionOf(settings) === 2) {
      return 'keepAlive=false makes a connection for each poll, which HTTP/2 is there to avoid: use it with http=1';
    }
    const idleMs = numberOf(settings, 'idleMs');
    if (idleMs > 0 && idleMs <= numberOf(settings, 'intervalMs')) {
      return 'idleMs ends a connection before the next poll: make it longer than intervalMs';
    }
    return pingProblem(settings, 'nothing: polls keep a connection alive');
  },
  worstWaitMs: (settings) => numberOf(settings, 'intervalMs'),
  heartbeat: {
    settingsAt: (everyMs) => ({ intervalMs: everyMs, timeoutMs: everyMs, idleMs: 2 * everyMs }),
    promise(settings) {
      const everyMs = numberOf(settings, 'intervalMs');
      return promiseOfPolls({ means: 'polls', everyMs, heldMs: 0 }, settings);
    },
  },
  server: async () => (await import('./server.js')).serverHalf,
  client: async () => (await import('./client.js')).clientHalf,
  page: async () => (await import('./page.js')).pageHalf,
  theory: async () => (await import('./theory.js')).theory,
  inspector: async () => (await import('./inspect.js')).inspector,
  conformance: async () => (await import('./conformance.js')).conformance,
};

export default shortPolling;
