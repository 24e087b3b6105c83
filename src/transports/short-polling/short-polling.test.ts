import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { openHttpBench, settingsOf, TestClient } from '../../testing/http-bench.js';
import { openScriptedServer } from '../../testing/scripted-server.js';
import shortPolling from './index.js';

const settings = { intervalMs: 5 };
const EMPTY = '{"last":7,"more":false,"messages":[]}';

test('its polls share one connection', async () => {
  await using bench = await openHttpBench(shortPolling, { settings });
  const client = await bench.connect();
  for (const text of ['one', 'two', 'three']) {
    bench.publish(text);
    await client.until(({ texts }) => texts.includes(text));
  }
  expect(bench.answers.length).toBeGreaterThanOrEqual(4);
  expect(bench.door.sample().sockets).toEqual({ accepted: 1, open: 1 });
  await client.connection.close();
});

test('keepAlive=false: each poll has a connection of its own', async () => {
  await using bench = await openHttpBench(shortPolling, { settings: { ...settings, keepAlive: false } });
  const client = await bench.connect();
  for (const text of ['one', 'two', 'three']) {
    bench.publish(text);
    await client.until(({ texts }) => texts.includes(text));
  }
  await client.connection.close();
  const { sockets, requests } = bench.door.sample();
  expect(sockets.accepted).toBe(requests);
  expect(sockets.accepted).toBeGreaterThanOrEqual(4);
  expect(client.drops).toEqual([]);
});

test('polls from its cursor on', async () => {
  await using server = await openScriptedServer((_request, response) => response.end(EMPTY));
  const client = await TestClient.connect(shortPolling, {
    urls: [server.url],
    channels: ['a b', 'c'],
    settings: settingsOf(shortPolling, settings),
  });
  while (server.requests.length < 3) await new Promise(setImmediate);
  await client.connection.close();
  expect(server.requests.slice(0, 3)).toEqual([
    'GET /messages?channel=a%20b&channel=c',
    'GET /messages?channel=a%20b&channel=c&since=7',
    'GET /messages?channel=a%20b&channel=c&since=7',
  ]);
});

test('polls again at once while there is more', async () => {
  const options = { settings: { intervalMs: 3_600_000 }, limits: { maxAnswerMessages: 3 } };
  await using bench = await openHttpBench(shortPolling, options);
  for (let i = 1; i <= 10; i++) bench.publish(`${i}`);
  const client = await bench.connect({ since: 0 });
  await client.until(({ texts }) => texts.length === 10);
  expect(bench.answers).toEqual([3, 3, 3, 1]);
  await client.connection.close();
});

test('a lost cursor: told so, then goes on with what there is', async () => {
  await using bench = await openHttpBench(shortPolling, { settings: { intervalMs: 3_600_000 }, historyMessages: 3 });
  for (let i = 1; i <= 10; i++) bench.publish(`${i}`);
  const client = await bench.connect({ since: 2 });
  await client.until(({ texts }) => texts.length === 3);
  expect([client.gaps, client.texts, client.drops]).toEqual([[8], ['8', '9', '10'], []]);
  await client.connection.close();
});

test.each([
  ['a server error', 500, 'no luck', /^http:.*: answered 500 no luck$/],
  ['an answer that is not JSON', 200, '<html>', /makes no sense/],
  ['an answer of another shape', 200, '{"messages":{}}', /makes no sense: no "last", "more" and "messages"/],
  ['a 410 without its id', 410, '{}', /makes no sense: 410 without "oldest"/],
])('%s is a drop', async (_what, status, body, reason) => {
  await using server = await openScriptedServer((_request, response) => {
    const first = server.requests.length === 1;
    response.statusCode = first ? 200 : status;
    response.end(first ? EMPTY : body);
  });
  const client = await TestClient.connect(shortPolling, {
    urls: [server.url],
    settings: settingsOf(shortPolling, settings),
  });
  await client.until(({ drops }) => drops.length > 0);
  expect(client.drops[0]?.message).toMatch(reason);
  await client.connection.close();
  expect([client.calls, server.requests.length]).toEqual([['drop'], 2]);
});

test('a server error while connecting rejects, and names the server', async () => {
  await using server = await openScriptedServer((_request, response) => response.writeHead(503).end('later'));
  const connecting = TestClient.connect(shortPolling, { urls: [server.url] });
  await expect(connecting).rejects.toThrow(`${server.url}: answered 503 later`);
});

test.each(['its TCP connection opens', 'the server is silent'])(
  'an abort while %s leaves nothing open',
  async (when) => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const sockets: Socket[] = [];
    const onSocket = (message: unknown) => {
      sockets.push((message as { socket: Socket }).socket);
      if (when === 'its TCP connection opens') queueMicrotask(() => controller.abort(reason));
    };
    subscribe('net.client.socket', onSocket);
    await using server = await openScriptedServer(() => controller.abort(reason));
    const connecting = TestClient.connect(shortPolling, { urls: [server.url], signal: controller.signal });
    await expect(connecting).rejects.toBe(reason);
    unsubscribe('net.client.socket', onSocket);
    expect(sockets.map(({ closed }) => closed)).toEqual([true]);
  },
);

test('a connection that is cut between two polls is a drop', async () => {
  await using bench = await openHttpBench(shortPolling, { settings: { intervalMs: 3_600_000 } });
  const client = await bench.connect();
  bench.door.destroySockets();
  await client.until(({ drops }) => drops.length === 1);
  await client.connection.close();
});

test('a server that announces the end of the connection gets a new one', async () => {
  await using server = await openScriptedServer((_request, response) => {
    response.setHeader('Connection', 'close').end(EMPTY);
  });
  const client = await TestClient.connect(shortPolling, {
    urls: [server.url],
    settings: settingsOf(shortPolling, settings),
  });
  while (server.requests.length < 3) await new Promise(setImmediate);
  await client.connection.close();
  expect(client.drops).toEqual([]);
});
