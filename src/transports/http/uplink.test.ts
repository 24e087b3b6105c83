import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { openHttpBench, TestClient } from '../../testing/http-bench.js';
import { openScriptedServer } from '../../testing/scripted-server.js';
import longPolling from '../long-polling/index.js';

test('no connection before the first send, then one of its own', async () => {
  await using bench = await openHttpBench(longPolling);
  const client = await bench.connect();
  expect(bench.door.sample().sockets.accepted).toBe(1);
  for (let i = 0; i < 20; i++) client.connection.send('a', Buffer.from(`${i}`));
  await client.until(({ texts }) => texts.length === 20);
  expect(client.texts).toEqual(Array.from({ length: 20 }, (_, i) => `${i}`));
  expect(bench.door.sample().sockets.accepted).toBe(2);
  await client.connection.close();
  expect(client.sendFailures).toEqual([]);
});

test('the bytes are those of the moment of sending', async () => {
  await using bench = await openHttpBench(longPolling);
  const client = await bench.connect();
  const body = Buffer.from('one');
  client.connection.send('a', body);
  body.write('two');
  client.connection.send('a', body);
  await client.until(({ texts }) => texts.length === 2);
  expect(client.texts).toEqual(['one', 'two']);
  await client.connection.close();
});

test('a body that the server refuses is reported; those after it go through', async () => {
  await using bench = await openHttpBench(longPolling, { limits: { maxBodyBytes: 10 } });
  const client = await bench.connect();
  for (const text of ['before', 'much too long a body', 'after']) client.connection.send('a', Buffer.from(text));
  await client.until(({ texts }) => texts.length === 2);
  expect(client.texts).toEqual(['before', 'after']);
  expect(client.sendFailures).toHaveLength(1);
  expect(client.sendFailures[0]?.message).toMatch(/^POST http:.*\/messages: /);
  await client.connection.close();
});

test('a failed send is not sent again', async () => {
  await using server = await openScriptedServer((request, response) => {
    if (request.method === 'POST') request.socket.destroy();
    else if (server.requests.length === 1) response.end('{"last":0,"more":false,"messages":[]}');
  });
  const client = await TestClient.connect(longPolling, { urls: [server.url] });
  client.connection.send('a', Buffer.from('x'));
  await client.until(({ sendFailures }) => sendFailures.length === 1);
  client.connection.send('b', Buffer.from('y'));
  await client.until(({ sendFailures }) => sendFailures.length === 2);
  const posts = server.requests.filter((request) => request.startsWith('POST'));
  expect(posts).toEqual(['POST /messages?channel=a', 'POST /messages?channel=b']);
  await client.connection.close();
});

test('a drop reports what is unanswered first, and nothing after', async () => {
  let held: Socket | undefined;
  await using server = await openScriptedServer((request, response) => {
    if (server.requests.length === 1) response.end('{"last":0,"more":false,"messages":[]}');
    // Once both requests are there, the one that is held dies.
    if (request.method === 'POST') held?.destroy();
    else held = request.socket;
  });
  const client = await TestClient.connect(longPolling, { urls: [server.url] });
  for (const text of ['x', 'y']) client.connection.send('a', Buffer.from(text));
  await client.until(({ drops }) => drops.length === 1);
  await client.connection.close();
  expect(client.calls).toEqual(['sendFailed', 'sendFailed', 'drop']);
});

test('close lets what was sent arrive', async () => {
  await using bench = await openHttpBench(longPolling);
  const client = await bench.connect();
  for (let i = 0; i < 20; i++) client.connection.send('b', Buffer.from(`${i}`));
  await client.connection.close();
  expect(bench.hub.counts.received).toBe(20);
});
