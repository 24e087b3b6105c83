import type { HostileMode } from './middlebox.js';

const ENCRYPT = 'encrypt (https, wss): a proxy that cannot read what passes cannot change it';

/** What the bundled proxy does to those who pass it; each is known from proxies and virus scanners in the field. */
export const HOSTILE_MODES: readonly HostileMode[] = [
  {
    name: 'buffer',
    summary: 'keeps every answer until the server has ended it',
    advice: `${ENCRYPT}; or techniques whose answers end: polling`,
  },
  {
    name: 'gzip',
    summary: 'compresses every answer, asked or not, and lets go of it when its window is full',
    advice: `${ENCRYPT}; or "Cache-Control: no-transform", which proxies should respect`,
  },
  { name: 'strip-upgrade', summary: 'drops the headers Upgrade and Connection of requests', advice: ENCRYPT },
  { name: 'http-1.0', summary: 'speaks HTTP/1.0 to both sides, a connection for each request', advice: ENCRYPT },
  {
    name: 'idle-cut',
    summary: 'cuts every connection on which nothing has passed for a time',
    advice: 'something within that time: heartbeats of the server, or a hold that is shorter',
  },
];

/** How long nothing may pass before `idle-cut` cuts, in ms: short, so that a measurement shows it. */
export const IDLE_CUT_MS = 2_000;
