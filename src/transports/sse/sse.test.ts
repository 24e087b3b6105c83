import { once } from 'node:events';
import { connect } from 'node:net';
import { EventSource } from 'eventsource';
import { expect, test, vi } from 'vitest';
import { openHttpBench, TestClient } from '../../testing/http-bench.js';
import { openScriptedServer } from '../../testing/scripted-server.js';
import sse from './index.js';

/** A stream as bytes, headers taken off. */
async function openRaw(url: string, path: string, headers = '') {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`);
  let seen = Buffer.alloc(0);
  const until = async (end: string): Promise<string> => {
    const chunks = [seen];
    // The end of them that was not searched yet: what is read may be long.
    let unsearched = seen;
    for (;;) {
      const at = unsearched.indexOf(end);
      if (at >= 0) {
        const all = Buffer.concat(chunks);
        const taken = all.length - unsearched.length + at + end.length;
        seen = all.subarray(taken);
        return all.toString('utf8', 0, taken);
      }
      const [chunk] = await once(socket, 'data');
      chunks.push(chunk);
      unsearched = Buffer.concat([unsearched.subarray(Math.max(0, unsearched.length - end.length + 1)), chunk]);
    }
  };
  return { socket, until, head: await until('\r\n\r\n') };
}

test('the head of a stream', async () => {
  await using bench = await openHttpBench(sse);
  const { socket, head } = await openRaw(bench.url, '/events?channel=a');
  socket.destroy();
  const lines = head.split('\r\n').filter((line) => !line.startsWith('Date: '));
  expect(lines).toEqual([
    'HTTP/1.1 200 OK',
    'Content-Type: text/event-stream',
    'Cache-Control: no-cache',
    'Connection: keep-alive',
    'Transfer-Encoding: chunked',
    '',
    '',
  ]);
  expect(bench.hub.subscribed).toBe(1);
});

test.each([0, 20, 125, 126, 1_000, 65_535, 65_536])('exact bytes of a message of %i B', async (n) => {
  await using bench = await openHttpBench(sse, { firstId: 100_000 });
  const client = await bench.connect();
  const before = bench.door.sample().bytes;
  bench.publish('x'.repeat(n));
  await client.until(({ texts }) => texts.length === 1);
  const eventBytes = n + 8 + 5 + '100000'.length;
  const { up, down } = bench.door.sample().bytes;
  expect(down - before.down).toBe(eventBytes + eventBytes.toString(16).length + 4);
  expect(up - before.up).toBe(0);
  await client.connection.close();
});

test('exact bytes of base64 events and heartbeats', async () => {
  await using bench = await openHttpBench(sse, { payload: 'binary', settings: { heartbeatMs: 1 } });
  const raw = await openRaw(bench.url, '/events?channel=a');
  expect(await raw.until(':\n\n\r\n')).toBe('3\r\n:\n\n\r\n');
  bench.publish(Buffer.from([0xff]));
  const text = await raw.until('/w==\n\n\r\n');
  expect(text.replaceAll('3\r\n:\n\n\r\n', '')).toBe('20\r\nid: 1\nevent: base64\ndata: /w==\n\n\r\n');
  raw.socket.destroy();
});

test('heartbeats do not disturb the client', async () => {
  await using bench = await openHttpBench(sse, { settings: { heartbeatMs: 50 } });
  const client = await bench.connect();
  const { down } = bench.door.sample().bytes;
  while (bench.door.sample().bytes.down === down) await new Promise(setImmediate);
  bench.publish('hello');
  await client.until(({ texts }) => texts.length === 1);
  expect(client.calls).toEqual(['message']);
  await client.connection.close();
});

test('Last-Event-ID wins over since', async () => {
  await using bench = await openHttpBench(sse);
  for (const text of ['one', 'two', 'three']) bench.publish(text);
  const bySince = await openRaw(bench.url, '/events?channel=a&since=1');
  expect(await bySince.until('\n\n')).toContain('data: two');
  const byHeader = await openRaw(bench.url, '/events?channel=a&since=1', 'Last-Event-ID: 2\r\n');
  expect(await byHeader.until('\n\n')).toContain('data: three');
  bySince.socket.destroy();
  byHeader.socket.destroy();
});

test('a lost cursor: told so, then the stream ends', async () => {
  await using bench = await openHttpBench(sse, { historyMessages: 3 });
  for (let i = 1; i <= 10; i++) bench.publish(`${i}`);
  const raw = await openRaw(bench.url, '/events?channel=a', 'Last-Event-ID: 2\r\n');
  expect(await raw.until('0\r\n\r\n')).toBe('14\r\nevent: gap\ndata: 8\n\n\r\n0\r\n\r\n');
  raw.socket.destroy();
  const client = await bench.connect({ since: 2 });
  await client.until(({ drops }) => drops.length === 1);
  await client.connection.close();
  expect([client.calls, client.gaps]).toEqual([['gap', 'drop'], [8]]);
  await bench.untilHub((hub) => hub.subscribed === 0);
});

test.each([['?channel=a&since=x', '"since" must be a whole number']])('/events%s: 400', async (query, reason) => {
  await using bench = await openHttpBench(sse);
  const response = await fetch(`${bench.url}/events${query}`);
  expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(reason)]);
});

test('a reader that stops reading is not buffered for, and gets everything when it reads again', async () => {
  const maxBufferedBytes = 256 * 1024;
  await using bench = await openHttpBench(sse, { limits: { maxBufferedBytes } });
  const { socket, until } = await openRaw(bench.url, '/events?channel=a');
  socket.pause();
  const body = 'x'.repeat(60_000);
  for (let i = 1; i <= 300; i++) {
    bench.publish(`${i} ${body}`);
    await new Promise(setImmediate);
  }
  const { delivered } = bench.hub.counts;
  expect(delivered).toBeLessThan(300);
  socket.resume();
  for (let i = 1; i <= 300; i++) expect(await until('\n\n')).toContain(`data: ${i} `);
  expect(bench.hub.counts.delivered).toBe(300);
  socket.destroy();
});

test('a client that goes away is unsubscribed', async () => {
  await using bench = await openHttpBench(sse);
  const client = await bench.connect();
  await client.connection.close();
  await bench.untilHub((hub) => hub.subscribed === 0);
});

test('the end of the stream is one drop, and the client does not come back by itself', async () => {
  await using server = await openScriptedServer((_request, response) => {
    response.setHeader('Content-Type', 'text/event-stream');
    response.end('retry: 1\n\nid: 7\ndata: last words\n\n');
  });
  const closed = vi.spyOn(EventSource.prototype, 'close');
  const client = await TestClient.connect(sse, { urls: [server.url], since: 3 });
  await client.until(({ drops }) => drops.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 30));
  await client.connection.close();
  expect(closed).toHaveBeenCalledOnce();
  expect([client.calls, client.messages]).toEqual([['message', 'drop'], [{ text: 'last words', id: 7 }]]);
  expect(client.drops[0]?.message).toBe(`${server.url}: the server ended the stream`);
  expect(server.requests).toEqual(['GET /events?channel=a']);
});

test.each([
  ['a server error', 500, 'text/event-stream', 'Non-200 status code (500)'],
  ['a redirect', 301, 'text/event-stream', 'Non-200 status code (301)'],
  ['no content', 204, 'text/event-stream', 'Server sent HTTP 204'],
  ['something that is no stream', 200, 'text/html', 'Invalid content type'],
])('%s rejects the connect', async (_what, status, type, reason) => {
  await using server = await openScriptedServer((_request, response) => {
    response.writeHead(status, { 'Content-Type': type }).end();
  });
  await expect(TestClient.connect(sse, { urls: [server.url] })).rejects.toThrow(`${server.url}: ${reason}`);
});

test('an abort while the server is silent rejects with its reason', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  await using server = await openScriptedServer(() => controller.abort(reason));
  await expect(TestClient.connect(sse, { urls: [server.url], signal: controller.signal })).rejects.toBe(reason);
});

test('exact bytes of the farewell: retry, then the end of the response, after what was published before', async () => {
  await using bench = await openHttpBench(sse);
  const raw = await openRaw(bench.url, '/events?channel=a');
  bench.publish('x');
  const draining = bench.door.drain(10_000);
  expect(await raw.until('0\r\n\r\n')).toBe('f\r\nid: 1\ndata: x\n\n\r\nd\r\nretry: 1000\n\n\r\n0\r\n\r\n');
  raw.socket.end();
  expect(await draining).toEqual({ open: 1, cut: 0 });
});

test('a reader that is behind is not sent away before it has everything', async () => {
  await using bench = await openHttpBench(sse, { limits: { maxBufferedBytes: 64 * 1024 } });
  const raw = await openRaw(bench.url, '/events?channel=a');
  raw.socket.pause();
  const body = 'x'.repeat(60_000);
  for (let i = 1; i <= 200; i++) {
    bench.publish(`${i} ${body}`);
    await new Promise(setImmediate);
  }
  expect(bench.hub.counts.delivered).toBeLessThan(200);
  const draining = bench.door.drain(10_000);
  raw.socket.resume();
  expect(await raw.until('retry: 1000')).toContain('data: 200 ');
  raw.socket.end();
  expect(await draining).toEqual({ open: 1, cut: 0 });
});
