import { once } from 'node:events';
import { type ClientHttp2Session, connect, constants } from 'node:http2';
import { expect, test } from 'vitest';
import { openHttpBench, settingsOf } from '../../testing/http-bench.js';
import longPolling from '../long-polling/index.js';
import shortPolling from '../short-polling/index.js';
import sse from '../sse/index.js';

const http2 = { http: '2' };

/** A session of Node's own client, and one request on it. */
async function ask(session: ClientHttp2Session, method: string, path: string, body?: Buffer) {
  const stream = session.request({ ':method': method, ':path': path });
  stream.end(body);
  const [headers] = await once(stream, 'response');
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  await once(stream, 'close');
  return { status: headers[':status'], headers, text };
}

test.each([0, 20, 125, 126, 1_000, 16_360, 16_361, 65_535, 65_536])(
  'SSE: exact bytes of a message of %i B',
  async (n) => {
    await using bench = await openHttpBench(sse, { settings: http2, firstId: 100_000 });
    const client = await bench.connect();
    for (let sent = 1; sent <= 3; sent++) {
      const before = bench.door.sample().bytes;
      bench.publish('x'.repeat(n));
      await client.until(({ texts }) => texts.length === sent);
      const eventBytes = n + 8 + 5 + '100000'.length;
      const { up, down } = bench.door.sample().bytes;
      expect(down - before.down).toBe(eventBytes + 9 * Math.ceil(eventBytes / 16_384));
      // Nothing but WINDOW_UPDATE: 13 bytes each.
      expect((up - before.up) % 13).toBe(0);
    }
    await client.connection.close();
  },
);

test.each([
  ['SSE', sse],
  ['long polling', longPolling],
  ['short polling', shortPolling],
])('%s: messages and what is published share one connection', async (_name, transport) => {
  const settings = { ...http2, ...(transport === shortPolling ? { intervalMs: 5 } : {}) };
  await using bench = await openHttpBench(transport, { settings });
  const client = await bench.connect({ publishes: true });
  const sent = Array.from({ length: 20 }, (_, i) => (i % 5 === 0 ? `${i}${'x'.repeat(200_000)}` : `${i}`));
  for (const text of sent) client.connection.send('a', Buffer.from(text));
  await client.until(({ texts }) => texts.length === sent.length);
  expect(client.texts).toEqual(sent);
  expect(bench.door.sample().sockets).toEqual({ accepted: 1, open: 1 });
  await client.connection.close();
  expect([client.sendFailures, client.drops]).toEqual([[], []]);
});

test('close lets what was sent arrive', async () => {
  await using bench = await openHttpBench(sse, { settings: http2 });
  const client = await bench.connect();
  for (let i = 0; i < 20; i++) client.connection.send('b', Buffer.from(`${i}`));
  await client.connection.close();
  expect(bench.hub.counts.received).toBe(20);
});

test('a drop reports what is unanswered first, connects no more and sends nothing again', async () => {
  await using bench = await openHttpBench(sse, { settings: http2 });
  const client = await bench.connect();
  for (const text of ['x', 'y']) client.connection.send('a', Buffer.from(text));
  bench.door.destroySockets();
  await client.until(({ drops }) => drops.length === 1);
  await client.connection.close();
  expect(client.calls).toEqual(['sendFailed', 'sendFailed', 'drop']);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(bench.door.sample().sockets).toEqual({ accepted: 1, open: 0 });
  expect(bench.hub.counts.received).toBe(0);
});

test('a body that the server refuses is reported; those after it go through', async () => {
  await using bench = await openHttpBench(sse, { settings: http2, limits: { maxBodyBytes: 10 } });
  const client = await bench.connect();
  for (const text of ['before', 'much too long a body', 'after']) client.connection.send('a', Buffer.from(text));
  await client.until(({ texts }) => texts.length === 2);
  expect(client.texts).toEqual(['before', 'after']);
  expect(client.sendFailures.map(({ message }) => message)).toEqual([expect.stringMatching(/413 .*larger than 10/)]);
  await client.connection.close();
});

test('a reader that stops reading is not buffered for, and gets everything when it reads again', async () => {
  const maxBufferedBytes = 256 * 1024;
  await using bench = await openHttpBench(sse, { settings: http2, limits: { maxBufferedBytes } });
  const session = connect(bench.url);
  const stream = session.request({ ':path': '/events?channel=a' });
  await once(stream, 'response');
  stream.pause();
  const body = 'x'.repeat(60_000);
  for (let i = 1; i <= 100; i++) {
    bench.publish(`${i} ${body}`);
    await new Promise(setImmediate);
  }
  // The window of the stream, what the server may keep, and the message that was too much.
  expect(bench.hub.counts.delivered).toBeLessThan(20);
  const events = Array.from({ length: 100 }, (_, i) => `id: ${i + 1}\ndata: ${i + 1} ${body}\n\n`).join('');
  let seen = '';
  stream.setEncoding('latin1').on('data', (chunk) => {
    seen += chunk;
  });
  stream.resume();
  while (seen.length < events.length) await once(stream, 'data');
  expect(seen === events).toBe(true);
  session.destroy();
});

test('heartbeats go over HTTP/2 too, 3 bytes and a frame each', async () => {
  await using bench = await openHttpBench(sse, { settings: { ...http2, heartbeatMs: 1 } });
  const session = connect(bench.url);
  const stream = session.request({ ':path': '/events?channel=a' });
  const [chunk] = await once(stream, 'data');
  expect(String(chunk)).toMatch(/^(:\n\n)+$/);
  session.destroy();
});

test('requests are counted, and a path without a route is 404', async () => {
  await using bench = await openHttpBench(shortPolling, { settings: http2 });
  const session = connect(bench.url);
  expect(await ask(session, 'GET', '/nothing')).toMatchObject({ status: 404, text: 'nothing at GET /nothing\n' });
  expect(await ask(session, 'POST', '/messages?channel=a', Buffer.from('x'))).toMatchObject({ status: 202, text: '' });
  expect(await ask(session, 'GET', '/messages?channel=a&since=0')).toMatchObject({ status: 200 });
  expect(await ask(session, 'GET', '/messages?since=x')).toMatchObject({ status: 400 });
  expect(bench.door.sample().requests).toBe(4);
  session.destroy();
});

test('a held poll is answered when the server closes', async () => {
  const bench = await openHttpBench(longPolling, { settings: http2 });
  const client = await bench.connect();
  await bench.untilHub((hub) => hub.waiting === 1);
  await bench.close();
  await client.until(({ drops }) => drops.length === 1);
  await client.connection.close();
});

test('keepAlive=false does not go with HTTP/2', () => {
  expect(shortPolling.problemWith?.(settingsOf(shortPolling, { keepAlive: false, http: '2' }))).toMatch(/http=1/);
  for (const settings of [
    { keepAlive: true, http: '2' },
    { keepAlive: false, http: '1' },
  ]) {
    expect(shortPolling.problemWith?.(settingsOf(shortPolling, settings))).toBeUndefined();
  }
});

test.each([
  ['SSE', sse, 'a stream', (session: ClientHttp2Session) => session.request({ ':path': '/events?channel=a' })],
  [
    'long polling',
    longPolling,
    'a held poll',
    (session: ClientHttp2Session) => session.request({ ':path': '/messages?channel=a&since=0&hold=600000' }),
  ],
] as const)(
  '%s: a server that drains ends %s with its last words, then GOAWAY without an error',
  async (_, transport, _held, open) => {
    await using bench = await openHttpBench(transport, { settings: http2 });
    const session = connect(bench.url);
    const stream = open(session);
    const events: string[] = [];
    let text = '';
    stream.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    stream.once('end', () => events.push('end'));
    const goaway = once(session, 'goaway').then(([code]) => events.push(`goaway ${code}`));
    await bench.untilHub((hub) => hub.waiting + hub.subscribed === 1);
    const draining = bench.door.drain(10_000);
    await goaway;
    expect(events).toEqual(['end', `goaway ${constants.NGHTTP2_NO_ERROR}`]);
    expect(text).toBe(transport === sse ? 'retry: 1000\n\n' : '{"last":0,"more":false,"messages":[]}');
    expect(await draining).toEqual({ open: 1, cut: 0 });
    session.destroy();
  },
);
