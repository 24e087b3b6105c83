import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { openHttpBench, settingsOf, TestClient } from '../../testing/http-bench.js';
import websocket from './index.js';

const SIZES = [0, 20, 125, 126, 1_000, 65_535, 65_536];
const headerBytes = (n: number) => (n <= 125 ? 2 : n <= 65_535 ? 4 : 10);

/** Asks for an upgrade over a bare socket. */
async function upgrade(url: string, { path = '/ws?channel=a', headers = '' } = {}) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\n${headers}\r\n`,
  );
  const head = await readUntil(socket, (seen) => seen.includes('\r\n\r\n'));
  return { socket, head: head.toString() };
}

async function readUntil(socket: Socket, isEnough: (seen: Buffer) => boolean): Promise<Buffer> {
  let seen = Buffer.alloc(0);
  while (!isEnough(seen)) {
    const [chunk] = await once(socket, 'data');
    seen = Buffer.concat([seen, chunk]);
  }
  return seen;
}

test.each(SIZES)('exact bytes of a message of %i B', async (n) => {
  await using bench = await openHttpBench(websocket);
  const client = await bench.connect();
  const before = bench.door.sample().bytes;
  bench.publish('x'.repeat(n));
  await client.until(({ texts }) => texts.length === 1);
  const { up, down } = bench.door.sample().bytes;
  expect({ up: up - before.up, down: down - before.down }).toEqual({ up: 0, down: n + headerBytes(n) });
  await client.connection.close();
});

test.each(SIZES)('exact bytes of an uplink body of %i B', async (n) => {
  await using bench = await openHttpBench(websocket);
  const client = await bench.connect({ channels: ['b', 'a'], publishes: true });
  const before = bench.door.sample().bytes;
  client.connection.send('b', Buffer.alloc(n, 'x'));
  await client.until(({ texts }) => texts.length === 1);
  const { up, down } = bench.door.sample().bytes;
  expect({ up: up - before.up, down: down - before.down }).toEqual({
    up: n + headerBytes(n) + 4,
    down: n + headerBytes(n),
  });
  expect(bench.hub.counts).toMatchObject({ received: 1, published: 0 });
  await client.connection.close();
});

test('an id costs its digits and a space', async () => {
  await using bench = await openHttpBench(websocket, { settings: { ids: true }, firstId: 100_000 });
  const client = await bench.connect();
  const { down } = bench.door.sample().bytes;
  bench.publish('x'.repeat(20));
  await client.until(({ texts }) => texts.length === 1);
  expect(bench.door.sample().bytes.down - down).toBe(2 + '100000 '.length + 20);
  expect(client.messages).toEqual([{ id: 100_000, text: 'x'.repeat(20) }]);
  await client.connection.close();
});

test.each([
  { name: 'none', headers: '', chosen: undefined, first: '\x81\x02hi' },
  { name: 'rtbench', headers: 'Sec-WebSocket-Protocol: rtbench\r\n', chosen: 'rtbench', first: '\x81\x02hi' },
  {
    name: 'rtbench.ids',
    headers: 'Sec-WebSocket-Protocol: rtbench.ids\r\n',
    chosen: 'rtbench.ids',
    first: '\x81\x041 hi',
  },
  {
    name: 'the first known one',
    headers: 'Sec-WebSocket-Protocol: graphql-ws, rtbench.ids, rtbench\r\n',
    chosen: 'rtbench.ids',
    first: '\x81\x041 hi',
  },
])('subprotocol asked for: $name', async ({ headers, chosen, first }) => {
  await using bench = await openHttpBench(websocket);
  const { socket, head } = await upgrade(bench.url, { headers });
  expect(head).toMatch(/^HTTP\/1\.1 101 /);
  expect(/Sec-WebSocket-Protocol: (.+)\r\n/.exec(head)?.[1]).toBe(chosen);
  bench.publish('hi');
  const frame = await readUntil(socket, (seen) => seen.length >= first.length);
  expect(frame.toString('latin1')).toBe(first);
  socket.destroy();
});

test.each([
  { headers: 'Sec-WebSocket-Protocol: graphql-ws, mqtt\r\n', reason: /subprotocol must be rtbench or rtbench\.ids/ },
  { path: '/ws?channel=a&since=x', reason: /"since" must be a whole number, got "x"/ },
])('refused: $reason', async ({ reason, ...request }) => {
  await using bench = await openHttpBench(websocket);
  const { socket, head } = await upgrade(bench.url, request);
  expect(head).toMatch(/^HTTP\/1\.1 400 /);
  expect(head).toMatch(reason);
  await once(socket, 'close');
  expect(bench.hub.subscribed).toBe(0);
});

test.each([
  { deflate: false, offer: 'Sec-WebSocket-Extensions: permessage-deflate\r\n', extension: undefined },
  { deflate: true, offer: 'Sec-WebSocket-Extensions: permessage-deflate\r\n', extension: 'permessage-deflate' },
  { deflate: true, offer: '', extension: undefined },
])('server with deflate=$deflate, offered "$offer"', async ({ deflate, offer, extension }) => {
  await using bench = await openHttpBench(websocket, { settings: { deflate } });
  const { socket, head } = await upgrade(bench.url, { headers: offer });
  expect(/Sec-WebSocket-Extensions: ([^;\r]+)/.exec(head)?.[1]).toBe(extension);
  bench.publish('hi');
  const frame = await readUntil(socket, (seen) => seen.length >= 4);
  // The first byte has RSV1 set for a compressed frame; two bytes of text are compressed too.
  expect(frame[0]).toBe(extension ? 0xc1 : 0x81);
  socket.destroy();
});

test.each([true, false])('client with deflate=%s', async (deflate) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const asked = once(server, 'upgrade');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = settingsOf(websocket, { deflate });
  const connecting = TestClient.connect(websocket, { urls: [url], settings });
  const [request, socket] = await asked;
  socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
  await expect(connecting).rejects.toThrow(/^127\.0\.0\.1:\d+: .*503/);
  expect('sec-websocket-extensions' in request.headers).toBe(deflate);
  expect(request.headers['sec-websocket-protocol']).toBe('rtbench');
  server.close();
  await once(server, 'close');
});

test('deflate makes messages smaller in both directions and changes none', async () => {
  await using bench = await openHttpBench(websocket, { settings: { deflate: true } });
  const client = await bench.connect({ publishes: true });
  const before = bench.door.sample().bytes;
  const text = 'all work and no play '.repeat(50);
  client.connection.send('a', Buffer.from(text));
  client.connection.send('a', Buffer.from('x'));
  await client.until(({ texts }) => texts.length === 2);
  expect(client.texts).toEqual([text, 'x']);
  const { up, down } = bench.door.sample().bytes;
  expect(up - before.up).toBeLessThan(text.length / 5);
  expect(down - before.down).toBeLessThan(text.length / 5);
  await client.connection.close();
});

test.each(['text', 'binary'] as const)('frames are %s as the payload is', async (payload) => {
  await using bench = await openHttpBench(websocket, { payload });
  const plain = new WebSocket(`${bench.url}/ws?channel=a`);
  await once(plain, 'open');
  const client = await bench.connect({ publishes: true });
  const isBinary = new Promise((resolve) => plain.on('message', (_, binary) => resolve(binary)));
  client.connection.send('a', Buffer.from('hi'));
  expect(await isBinary).toBe(payload === 'binary');
  plain.terminate();
  await client.connection.close();
});

test('a lost cursor: close 4410 with the oldest id, then onGap before onDrop', async () => {
  await using bench = await openHttpBench(websocket, { historyMessages: 3 });
  for (let i = 1; i <= 10; i++) bench.publish(`${i}`);
  const plain = new WebSocket(`${bench.url}/ws?channel=a&since=2`, 'rtbench.ids');
  const [code, reason] = await once(plain, 'close');
  expect([code, String(reason)]).toEqual([4410, 'oldest=8']);
  const client = await bench.connect({ since: 2 });
  await client.until(({ drops }) => drops.length === 1);
  expect(client.calls).toEqual(['gap', 'drop']);
  expect(client.gaps).toEqual([8]);
  await client.connection.close();
});

test('a body above the limit: close 1009, and nothing is published', async () => {
  await using bench = await openHttpBench(websocket, { limits: { maxBodyBytes: 100 } });
  const client = await bench.connect({ publishes: true });
  client.connection.send('a', Buffer.alloc(101));
  await client.until(({ drops }) => drops.length === 1);
  expect(client.drops[0]?.message).toMatch(/1009/);
  expect(bench.hub.counts.received).toBe(0);
  await client.connection.close();
});

test('text that is not UTF-8 is refused by the receiver', async () => {
  await using bench = await openHttpBench(websocket);
  const client = await bench.connect();
  bench.publish(Buffer.from([0xff, 0xfe]));
  await client.until(({ drops }) => drops.length === 1);
  expect(client.drops[0]?.message).toMatch(/UTF-8/);
  expect(client.texts).toEqual([]);
  await client.connection.close();
});

test.each([false, true])('a reader that does not read stops the server, deflate=%s', async (deflate) => {
  const maxBufferedBytes = 256 * 1024;
  await using bench = await openHttpBench(websocket, {
    settings: { deflate },
    payload: 'binary',
    limits: { maxBufferedBytes },
  });
  const plain = new WebSocket(`${bench.url}/ws?channel=a`, { perMessageDeflate: deflate });
  await once(plain, 'open');
  plain.pause();
  const bodies = Array.from({ length: 400 }, () => randomBytes(65_536));
  for (const body of bodies) {
    bench.publish(body);
    await new Promise(setImmediate);
  }
  // What it has taken fits into its own limit and the buffers of the kernel.
  expect(bench.hub.counts.delivered).toBeLessThan(bodies.length);
  const received: Buffer[] = [];
  const all = new Promise<void>((resolve) => {
    plain.on('message', (body: Buffer) => {
      if (received.push(body) === bodies.length) resolve();
    });
  });
  plain.resume();
  await all;
  expect(Buffer.concat(received).equals(Buffer.concat(bodies))).toBe(true);
  plain.terminate();
  await bench.untilHub((hub) => hub.subscribed === 0);
});

test('the server pings every pingMs, and clients answer', async () => {
  await using bench = await openHttpBench(websocket, { settings: { pingMs: 50 } });
  const client = await bench.connect();
  const before = bench.door.sample().bytes;
  // A ping is 2 bytes, a pong 4 more for its mask.
  await vi.waitFor(() => expect(bench.door.sample().bytes.up - before.up).toBeGreaterThanOrEqual(12));
  expect(bench.door.sample().bytes.down - before.down).toBeGreaterThanOrEqual(4);
  expect(client.calls).toEqual([]);
  await client.connection.close();
});

test('send to the channel of another throws; send after a drop is a failed send', async () => {
  await using bench = await openHttpBench(websocket);
  const client = await bench.connect({ publishes: true });
  expect(() => client.connection.send('b', Buffer.from('x'))).toThrow(/own channel \(a\) only, not to b/);
  bench.door.destroySockets();
  await client.until(({ drops }) => drops.length === 1);
  client.connection.send('a', Buffer.from('x'));
  expect(client.calls).toEqual(['drop', 'sendFailed']);
  await client.connection.close();
});

test('a server that closes is one drop', async () => {
  await using bench = await openHttpBench(websocket);
  const client = await bench.connect();
  await bench.close();
  await client.until(({ drops }) => drops.length === 1);
  expect(client.drops[0]?.message).toMatch(/closed the connection \(code 1001/);
  await client.connection.close();
  expect(client.calls).toEqual(['drop']);
});

test('close sends what waits, and leaves no socket', async () => {
  await using bench = await openHttpBench(websocket);
  const client = await bench.connect({ publishes: true });
  for (let i = 0; i < 100; i++) client.connection.send('a', Buffer.from(`${i}`));
  await client.connection.close();
  expect(bench.hub.counts.received).toBe(100);
  await vi.waitFor(() => expect(bench.door.sample().sockets.open).toBe(0));
  expect(client.texts).toEqual([]);
});
