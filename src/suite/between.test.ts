import { expect, test } from 'vitest';
import type { Endpoint } from '../protocol/messages.js';
import { detour, endpointsOf, oneBehindTheOther, type StartBetween } from './between.js';

const urls = ['http://127.0.0.1:4000', 'tcp://127.0.0.1:4001', 'https://127.0.0.2:4000', 'http://127.0.0.1:4000'];

test('each address of the server is listed once, whatever is spoken there', () => {
  expect(endpointsOf(urls)).toEqual([
    { host: '127.0.0.1', port: 4000 },
    { host: '127.0.0.1', port: 4001 },
    { host: '127.0.0.2', port: 4000 },
  ]);
});

test('a detour keeps what a URL says and changes where it leads', () => {
  const instead = [5000, 5001, 5002].map((port) => ({ host: '127.0.0.1', port }));
  expect(detour(urls, endpointsOf(urls), instead)).toEqual([
    'http://127.0.0.1:5000',
    'tcp://127.0.0.1:5001',
    'https://127.0.0.1:5002',
    'http://127.0.0.1:5000',
  ]);
  expect(() => detour(['http://127.0.0.1:9'], endpointsOf(urls), instead)).toThrow('nothing stands between');
});

/** Listens one port above what it leads to. */
function aPortAbove(log: string[], name: string): StartBetween {
  return async (upstreams, speech) => {
    log.push(`${name} leads to ${upstreams.map(({ port }) => port)} (${speech})`);
    return {
      addresses: upstreams.map(({ host, port }): Endpoint => ({ host, port: port + 1 })),
      pids: [name.length],
      failure: new Promise<never>(() => {}),
      async stop() {
        log.push(`${name} stops`);
      },
    };
  };
}

const server = [{ host: '127.0.0.1', port: 4000 }];

test('one behind the other: clients meet the last, the server sees the first, and all of them stop', async () => {
  const log: string[] = [];
  const between = await oneBehindTheOther([aPortAbove(log, 'proxy'), aPortAbove(log, 'network')])(server, 'h2');
  expect(between.addresses).toEqual([{ host: '127.0.0.1', port: 4002 }]);
  expect(between.pids).toEqual([5, 7]);
  await between.stop();
  expect(log).toEqual(['proxy leads to 4000 (h2)', 'network leads to 4001 (h2)', 'proxy stops', 'network stops']);
});

test('where one does not start, those before it stop', async () => {
  const log: string[] = [];
  const broken: StartBetween = () => Promise.reject(new Error('no port is free'));
  const starting = oneBehindTheOther([aPortAbove(log, 'proxy'), broken])(server, 'h2');
  await expect(starting).rejects.toThrow('no port is free');
  expect(log.at(-1)).toBe('proxy stops');
});

test('the failure of one is the failure of all', async () => {
  const failing: StartBetween = async (upstreams) => ({
    addresses: upstreams,
    pids: [],
    failure: Promise.reject(new Error('the proxy ended')),
    stop: async () => {},
  });
  const between = await oneBehindTheOther([aPortAbove([], 'network'), failing])(server, 'h2');
  await expect(between.failure).rejects.toThrow('the proxy ended');
});
