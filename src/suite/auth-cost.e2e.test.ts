import { describe, expect, test } from 'vitest';
import { waitsOf } from '../scenario/rows.js';
import type { Row } from '../scenario/scenario.js';
import { settingsOf } from '../testing/http-bench.js';
import type { AuthWay } from '../transports/credentials.js';
import { builtInTransports, loadTransport } from '../transports/index.js';
import { credentialsOf, measureAuthCost } from './auth-cost.js';

async function rowOf(name: string): Promise<Row> {
  const module = builtInTransports.find((transport) => transport.name === name)?.module ?? '';
  const transport = await loadTransport(module);
  const settings = settingsOf(transport, transport.settings.intervalMs ? { intervalMs: 20 } : {});
  const { profile } = transport;
  return { transport: name, module, label: name, settings, profile, ...waitsOf(transport, settings) };
}

async function costOf(name: string, asked: AuthWay) {
  const row = await rowOf(name);
  const credentials = credentialsOf(row, asked, 1);
  if (credentials === null) throw new Error('no credentials');
  return measureAuthCost(row, 'text', credentials);
}

const TOKEN = 43;
const BEARER = 'authorization: Bearer \r\n'.length + TOKEN;
const COOKIE = 'cookie: token=\r\n'.length + TOKEN;
const QUERY = '&token='.length + TOKEN;

describe('what a token adds to an opening is what the protocol says, to the byte', () => {
  test.each([
    ['short-polling', 'bearer', BEARER, 0],
    ['short-polling', 'query', QUERY, 0],
    // It opens with two requests: one for a cursor, one to be held.
    ['long-polling', 'bearer', 2 * BEARER, 0],
    ['sse', 'bearer', BEARER, 0],
    ['sse', 'cookie', COOKIE, 0],
    ['sse', 'query', QUERY, 0],
    ['websocket', 'bearer', BEARER, 0],
    ['websocket', 'cookie', COOKIE, 0],
    // A masked frame up, and one with "ok" down.
    ['websocket', 'first-message', 2 + 4 + TOKEN, 2 + 2],
    ['tcp', 'first-message', ',"token":""'.length + TOKEN, 0],
  ] as const)('%s by %s: ↑ %i ↓ %i', async (name, way, up, down) => {
    expect(await costOf(name, way)).toMatchObject({ way, openingBytes: { up, down } });
  });

  test('over HTTP/2 nothing is said', async () => {
    expect(await costOf('grpc', 'bearer')).toMatchObject({ way: 'bearer', openingBytes: null });
  });
});

test('what it adds in time is an estimate from pairs, inside its interval', async () => {
  const { openingUs } = await costOf('websocket', 'first-message');
  if (!openingUs) throw new Error('no time');
  const { pairs, shown, without, more, low, high } = openingUs;
  expect(pairs).toBe(40);
  expect(Math.min(shown, without)).toBeGreaterThan(0);
  expect([more >= low, more <= high]).toEqual([true, true]);
});

test('a token is a function of the seed, and another for another seed', async () => {
  const row = await rowOf('sse');
  const [one, again, other] = [1, 1, 2].map((seed) => credentialsOf(row, 'bearer', seed)?.token);
  expect(one).toMatch(/^[\w-]{43}$/);
  expect(again).toBe(one);
  expect(other).not.toBe(one);
});
