import { EventEmitter, once } from 'node:events';
import { expect, test } from 'vitest';
import { openHttpBench, settingsOf, TestClient } from '../../testing/http-bench.js';
import { openScriptedServer } from '../../testing/scripted-server.js';
import longPolling from './index.js';

test('without a cursor: fetches one, then has a request held', async () => {
  await using bench = await openHttpBench(longPolling, { firstId: 100 });
  const client = await bench.connect();
  await bench.untilHub((hub) => hub.waiting === 1);
  expect(bench.answers).toEqual([0]);
  await client.connection.close();
  await bench.untilHub((hub) => hub.waiting === 0);
});

test('with a cursor: connects with the held request itself', async () => {
  await using bench = await openHttpBench(longPolling);
  const client = await bench.connect({ since: 0 });
  await bench.untilHub((hub) => hub.waiting === 1);
  expect(bench.answers).toEqual([]);
  bench.publish('now');
  await client.until(({ texts }) => texts.length === 1);
  expect(client.messages).toEqual([{ text: 'now', id: 1 }]);
  await client.connection.close();
});

test('asks for its hold, and again at once after each answer', async () => {
  await using server = await openScriptedServer((_request, response) => {
    if (server.requests.length < 4) response.end('{"last":7,"more":false,"messages":[]}');
  });
  const settings = settingsOf(longPolling, { holdMs: 1_234 });
  const client = await TestClient.connect(longPolling, { urls: [server.url], settings });
  while (server.requests.length < 4) await new Promise(setImmediate);
  expect(server.requests).toEqual([
    'GET /messages?channel=a',
    ...Array.from({ length: 3 }, () => 'GET /messages?channel=a&since=7&hold=1234'),
  ]);
  await client.connection.close();
});

test('an answer to each message on its own, one connection for all', async () => {
  await using bench = await openHttpBench(longPolling);
  const client = await bench.connect();
  for (const text of ['one', 'two', 'three']) {
    await bench.untilHub((hub) => hub.waiting === 1);
    bench.publish(text);
    await client.until(({ texts }) => texts.includes(text));
  }
  expect(bench.answers).toEqual([0, 1, 1, 1]);
  expect(bench.door.sample().sockets.accepted).toBe(1);
  await client.connection.close();
});

test('close from within a message: none of the others in that answer is delivered', async () => {
  await using bench = await openHttpBench(longPolling);
  for (const text of ['one', 'two', 'three']) bench.publish(text);
  const texts: string[] = [];
  const called = new EventEmitter();
  const client: TestClient = await bench.connect({
    since: 0,
    onMessage: (body) => {
      texts.push(String(Buffer.from(body)));
      called.emit('message', client.connection.close());
    },
  });
  const [closed] = await once(called, 'message');
  await closed;
  expect(texts).toEqual(['one']);
});

test('a server that refuses a held request is one drop', async () => {
  await using server = await openScriptedServer((_request, response) => {
    if (server.requests.length === 1) response.end('{"last":7,"more":false,"messages":[]}');
    else response.writeHead(502).end();
  });
  const client = await TestClient.connect(longPolling, { urls: [server.url] });
  await client.until(({ drops }) => drops.length > 0);
  expect(client.drops[0]?.message).toBe(`${server.url}: answered 502`);
  await client.connection.close();
  expect(client.calls).toEqual(['drop']);
});

test('a server that drains answers what it holds at once, with the end of the connection', async () => {
  await using bench = await openHttpBench(longPolling);
  const held = fetch(`${bench.url}/messages?channel=a&since=0&hold=600000`);
  await bench.untilHub((hub) => hub.waiting === 1);
  const draining = bench.door.drain(10_000);
  const answer = await held;
  expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
  expect(await answer.json()).toEqual({ last: 0, more: false, messages: [] });
  expect(await draining).toEqual({ open: 1, cut: 0 });
});

test('a server that drains ends a connection with the last of its messages only', async () => {
  await using bench = await openHttpBench(longPolling, { limits: { maxAnswerMessages: 2 } });
  const client = await bench.connect();
  await bench.untilHub((hub) => hub.waiting === 1);
  for (const text of ['one', 'two', 'three', 'four', 'five']) bench.publish(text);
  const draining = bench.door.drain(10_000);
  await client.until(({ drops }) => drops.length > 0);
  expect(client.texts).toEqual(['one', 'two', 'three', 'four', 'five']);
  expect(await draining).toMatchObject({ cut: 0 });
  await client.connection.close();
});
