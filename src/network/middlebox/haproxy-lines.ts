import type { Mend } from './middlebox.js';

const MANUAL = 'https://docs.haproxy.org/2.6/configuration.html';
const HTTP2 = `${MANUAL}#5.2-proto`;

/** What HAProxy's documentation says for techniques beyond single requests and answers. */
export const HAPROXY_MENDS: readonly Mend[] = [
  {
    name: 'streaming',
    speech: 'http/1.1',
    lines: [
      {
        at: 'defaults',
        text: 'option http-no-delay',
        reason: 'passes on parts of an answer at once, where it would rather fill packets',
        source: `${MANUAL}#4-option%20http-no-delay`,
      },
    ],
  },
  {
    name: 'tunnel',
    speech: 'http/1.1',
    lines: [
      {
        at: 'defaults',
        text: 'timeout tunnel 1h',
        reason: 'an upgraded connection on which nothing is said for the timeouts of client and server is cut',
        source: `${MANUAL}#4.2-timeout%20tunnel`,
      },
    ],
  },
  {
    name: 'timeouts',
    speech: 'http/1.1',
    lines: [
      {
        at: 'defaults',
        text: 'timeout client 1h',
        reason: 'a stream or a held poll is silence, and silence of 50 s is cut',
        source: `${MANUAL}#4.2-timeout%20client`,
      },
      {
        at: 'defaults',
        text: 'timeout server 1h',
        reason: 'the same on the side of the server: a hold has to be shorter than this',
        source: `${MANUAL}#4.2-timeout%20server`,
      },
    ],
  },
  {
    name: 'http2',
    speech: 'h2',
    lines: [
      {
        at: 'bind',
        text: 'proto h2',
        whole: 'bind <address> proto h2',
        reason: 'gRPC is HTTP/2, and in the clear nothing negotiates it',
        source: HTTP2,
      },
      {
        at: 'server',
        text: 'proto h2',
        whole: 'server <name> <server> proto h2',
        reason: 'HAProxy speaks HTTP/1.1 to servers',
        source: HTTP2,
      },
      {
        at: 'defaults',
        text: 'timeout client 1h',
        reason: 'a call that stays open may be silent, and silence of 50 s is cut',
        source: `${MANUAL}#4.2-timeout%20client`,
      },
      {
        at: 'defaults',
        text: 'timeout server 1h',
        reason: 'the same on the side of the server',
        source: `${MANUAL}#4.2-timeout%20server`,
      },
    ],
  },
  {
    name: 'bytes',
    speech: 'bytes',
    lines: [
      {
        at: 'defaults',
        text: 'mode tcp',
        reason: 'what is no HTTP can only be passed on as bytes',
        source: `${MANUAL}#4-mode`,
      },
    ],
  },
];
