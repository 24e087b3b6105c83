import type { UncountedParts } from '../../metrics/byte-ledger.js';
import type { SettingSpecs, Settings, TransportProfile } from '../transport.js';

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
} as const satisfies SettingSpecs;

export function httpVersionOf(settings: Settings): HttpVersion {
  return settings.http === '2' ? 2 : 1;
}

/** What HTTP/2 changes in the profile of such a technique. */
export function profileOverHttp2(
  { title, titleWithUplink }: TransportProfile,
  connection: string,
): Partial<Omit<TransportProfile, 'name'>> {
  return {
    title: `${title} over HTTP/2`,
    ...(titleWithUplink !== undefined && { titleWithUplink: `${titleWithUplink} over HTTP/2` }),
    protocol: 'HTTP/2',
    connection,
    uplink: 'same-connection',
  };
}

/** What the library does not tell of a stream over HTTP/2: heads of DATA frames, and the control frames between them. */
export const HTTP2_STREAM: UncountedParts = sameBothWays(['framing', 'flowControl', 'headers']);

/** What it does not tell of requests and answers: their compressed headers, whether or not a message was in them. */
export const HTTP2_REQUESTS: UncountedParts = sameBothWays(['headers', 'emptyPolls', 'flowControl']);

function sameBothWays(parts: UncountedParts['up']): UncountedParts {
  return { up: parts, down: parts };
}
