import { expect, it } from 'vitest';
import { DEFAULT_BOUNDS, REFERENCE_PUBLISH, type Target, type TargetServer } from '../scenario/target.js';
import { type Reached, requireTwoServers } from './gate-addresses.js';

const TARGET: Target = {
  url: 'http://localhost:0',
  headers: {},
  endpoints: {},
  publish: REFERENCE_PUBLISH,
  stamp: { kind: 'envelope' },
  clockOffset: null,
  caFile: null,
  bounds: DEFAULT_BOUNDS,
  answerMs: 1,
  server: null,
  mayLoadHost: false,
};
const COMMAND: TargetServer = { kind: 'command', command: 'node server.js', ready: null, timeoutMs: 1 };
const [AT_81, AT_82] = ['http://localhost:81', 'http://localhost:82'];

function at(changes: Partial<Target>, own?: string, publish: 'server' | 'clients' = 'server'): Reached {
  const target = { ...TARGET, ...changes };
  return { target, row: { endpoint: { url: own ?? target.url } }, workload: { publish } };
}
const publishedAt = (url: string) => ({ ...REFERENCE_PUBLISH, url });

it.each<[string, Reached, Reached, RegExp]>([
  [
    'a port',
    at({ url: AT_81, server: COMMAND }),
    at({ url: AT_81, server: COMMAND }),
    /^--target: .* would listen at .*81/,
  ],
  ['an address', at({ url: AT_81 }), at({ url: `${AT_81}/` }), /^--target: .* both be reached at .*81/],
  [
    'that of the technique',
    at({ url: AT_81 }, 'http://localhost:83'),
    at({ url: AT_82 }, 'http://localhost:83'),
    /^`url` of/,
  ],
  [
    'a door for what is published',
    at({ url: AT_81, publish: publishedAt('http://localhost:83') }),
    at({ url: AT_82, publish: publishedAt('http://localhost:83') }),
    /^`target.publish.url`: /,
  ],
  [
    'a process',
    at({ url: AT_81, server: { kind: 'pid', pid: 7 } }),
    at({ url: AT_82, server: { kind: 'pid', pid: 7 } }),
    /^--base-pid, --head-pid: process 7/,
  ],
])('two servers that share %s are refused', (_, base, head, message) => {
  expect(() => requireTwoServers(base, head)).toThrow(message);
});

it.each<[string, Reached, Reached]>([
  ['each with a port of its own', at({ server: COMMAND }), at({ server: COMMAND })],
  ['at two addresses', at({ url: AT_81 }), at({ url: AT_82 })],
  ['with an address that neither uses', at({ url: AT_81 }, AT_81), at({ url: AT_81 }, AT_82)],
  [
    'whose door for what is published is used by neither',
    at({ url: AT_81, publish: publishedAt(AT_82) }, AT_81, 'clients'),
    at({ url: 'http://localhost:83', publish: publishedAt(AT_82) }, undefined, 'clients'),
  ],
])('two servers %s are two', (_, base, head) => {
  expect(() => requireTwoServers(base, head)).not.toThrow();
});
