import type { UncountedParts } from '../../metrics/byte-ledger.js';
import type { SettingSpecs, Settings, TransportProfile } from '../transport.js';
import { numberOf } from './number-setting.js';

export type HttpVersion = 1 | 2;

/** The setting of every technique that runs over HTTP requests. */
export const httpVersionSetting = {
  http: {
    kind: 'choice',
    default: '1',
    choices: ['1', '2'],
    inTitle: true,
    meaning:
      'version of HTTP. 1: HTTP/1.1, what a client publishes goes over a second connection; 2: HTTP/2, everything of a ' +
      'client goes over one connection',
  },
  pingMs: {
    kind: 'durationMs',
    default: 0,
    min: 0,
    max: 3_600_000,
    meaning:
      'time between two PING frames of the server, with http=2; the client answers each; either side ends a ' +
      'connection on which nothing came for two of them; 0: none',
  },
} as const satisfies SettingSpecs;

/** Time in ms between two PINGs of HTTP/2; 0: none. */
export function pingMsOf(settings: Settings): number {
  return httpVersionOf(settings) === 2 ? numberOf(settings, 'pingMs') : 0;
}

/** What is wrong with settings that ask HTTP/1.1 for a frame of HTTP/2. */
export function pingProblem(settings: Settings, instead: string): string | undefined {
  if (httpVersionOf(settings) === 2 || numberOf(settings, 'pingMs') === 0) return undefined;
  return `pingMs: PING is a frame of HTTP/2: use it with http=2, or ${instead}`;
}

export function httpVersionOf(settings: Settings): HttpVersion {
  return settings.http === '2' ? 2 : 1;
}

/** What HTTP/2 changes in the profile of such a technique. */
export function profileOverHttp2(
  { title, titleWithUplink, delivery }: TransportProfile,
  connection: string,
): Partial<Omit<TransportProfile, 'name'>> {
  return {
    title: `${title} over HTTP/2`,
    ...(titleWithUplink !== undefined && { titleWithUplink: `${titleWithUplink} over HTTP/2` }),
    protocol: 'HTTP/2',
    connection,
    uplink: 'same-connection',
    farewell: delivery === 'pull' ? 'an answer, then GOAWAY' : 'retry, the end of the response, then GOAWAY',
    browserOverTlsOnly: true,
  };
}

/** What the library does not tell of a stream over HTTP/2: heads of DATA frames, and the control frames between them. */
export const HTTP2_STREAM: UncountedParts = sameBothWays(['framing', 'flowControl', 'headers']);

/** What it does not tell of requests and answers: their compressed headers, whether or not a message was in them. */
export const HTTP2_REQUESTS: UncountedParts = sameBothWays(['headers', 'emptyPolls', 'flowControl']);

function sameBothWays(parts: UncountedParts['up']): UncountedParts {
  return { up: parts, down: parts };
}
