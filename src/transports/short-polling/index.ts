import { httpVersionOf, httpVersionSetting, profileOverHttp2 } from '../http/http-version.js';
import { numberOf } from '../http/number-setting.js';
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
    resume: 'always',
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
      : {},
  problemWith: (settings) =>
    settings.keepAlive === false && httpVersionOf(settings) === 2
      ? 'keepAlive=false makes a connection for each poll, which HTTP/2 is there to avoid: use it with http=1'
      : undefined,
  worstWaitMs: (settings) => numberOf(settings, 'intervalMs'),
  server: async () => (await import('./server.js')).serverHalf,
  client: async () => (await import('./client.js')).clientHalf,
  theory: async () => (await import('./theory.js')).theory,
};

export default shortPolling;
