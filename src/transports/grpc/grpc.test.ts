import { once } from 'node:events';
import { connect, constants } from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { connectivityState } from '@grpc/grpc-js';
import { expect, test, vi } from 'vitest';
import { openContractBench } from '../../server/contract-bench.js';
import { openHttpBench, settingsOf, TestClient } from '../../testing/http-bench.js';
import { freePorts } from '../../testing/raw-client.js';
import { authTest } from '../testing/auth-test.js';
import { acquireChannel } from './channels.js';
import grpc from './index.js';
import { METHODS, streamRequest } from './wire.js';

type Bench = Awaited<ReturnType<typeof openHttpBench>>;

const MODES = [
  { mode: 'stream', channel: 'own', publishes: false },
  { mode: 'stream', channel: 'own', publishes: true },
  { mode: 'stream', channel: 'shared', publishes: true },
  { mode: 'unary', intervalMs: 10, channel: 'own', publishes: false },
  { mode: 'unary', intervalMs: 10, channel: 'shared', publishes: true },
];

function connectAll(bench: Bench, count: number, publishes = false): Promise<TestClient[]> {
  return Promise.all(Array.from({ length: count }, (_, clientId) => bench.connect({ clientId, publishes })));
}

function closeAll(clients: readonly TestClient[]): Promise<unknown> {
  return Promise.all(clients.map(({ connection }) => connection.close()));
}

test.each(MODES)('$mode, $channel channel, publishes: $publishes: from connect to close', async (mode) => {
  const { publishes, ...settings } = mode;
  await using bench = await openHttpBench(grpc, { settings });
  const clients = await connectAll(bench, 3, publishes);
  expect(bench.door.sample().sockets.accepted).toBe(settings.channel === 'own' ? 3 : 1);
  bench.publish('hello');
  for (const client of clients) await client.until(({ texts }) => texts.length === 1);
  const [first, ...rest] = clients;
  await first?.connection.close();
  bench.publish('still here?');
  for (const client of rest) await client.until(({ texts }) => texts.length === 2);
  expect(first?.calls).toEqual(['message']);
  await closeAll(clients);
  await bench.untilHub((hub) => hub.subscribed === 0);
  await vi.waitFor(() => expect(bench.door.sample().sockets.open).toBe(0));
  expect(rest[0]?.messages).toEqual([
    { text: 'hello', id: 1 },
    { text: 'still here?', id: 2 },
  ]);
});

test.each(MODES)(
  '$mode, $channel channel, publishes: $publishes: the death of the server is one drop',
  async (mode) => {
    const { publishes, ...settings } = mode;
    await using bench = await openHttpBench(grpc, { settings });
    const clients = await connectAll(bench, 2, publishes);
    bench.door.destroySockets();
    for (const client of clients) await client.until(({ drops }) => drops.length === 1);
    for (const client of clients) expect(client.drops[0]?.message).toMatch(/^127\.0\.0\.1:\d+: .*\(UNAVAILABLE\)$/);
    await closeAll(clients);
    // A client that comes now gets a new connection, and the others stay as they are.
    const [late] = await connectAll(bench, 1);
    expect(clients.map(({ calls }) => calls)).toEqual([['drop'], ['drop']]);
    await late?.connection.close();
  },
);

test.each(MODES)('$mode, $channel channel, publishes: $publishes: a server that closes is one drop', async (mode) => {
  const { publishes, ...settings } = mode;
  await using bench = await openHttpBench(grpc, { settings });
  const [client] = await connectAll(bench, 1, publishes);
  await bench.close();
  await client?.until(({ drops }) => drops.length === 1);
  await client?.connection.close();
  expect(client?.calls).toEqual(['drop']);
});

test.each(MODES)('$mode, $channel channel, publishes: $publishes: a lost cursor is a gap', async (mode) => {
  const { publishes, ...settings } = mode;
  await using bench = await openHttpBench(grpc, { settings, historyMessages: 3 });
  for (let i = 1; i <= 10; i++) bench.publish(`${i}`);
  const gaps: number[] = [];
  const connecting = bench.connect({ since: 2, publishes, onGap: (oldestId) => gaps.push(oldestId) });
  if (mode.mode === 'unary') {
    await expect(connecting).rejects.toThrow('the history starts at 8');
  } else {
    const client = await connecting;
    await client.until(({ drops }) => drops.length === 1);
    await client.connection.close();
  }
  expect(gaps).toEqual([8]);
});

test.each(MODES.filter(({ publishes }) => publishes))(
  '$mode, $channel channel: close sends what waits',
  async (mode) => {
    const { publishes, ...settings } = mode;
    await using bench = await openHttpBench(grpc, { settings });
    const [client] = await connectAll(bench, 1, publishes);
    const body = Buffer.from('lent');
    for (let i = 0; i < 100; i++) client?.connection.send(i === 50 ? 'b' : 'a', body);
    body.fill('x');
    await client?.connection.close();
    const read = bench.hub.read(['a', 'b'], 0);
    const published = read.gap ? [] : read.messages.map((message) => `${message.channel}: ${message.body}`);
    expect(published).toEqual(Array.from({ length: 100 }, (_, i) => `${i === 50 ? 'b' : 'a'}: lent`));
    expect(client?.sendFailures).toEqual([]);
  },
);

test('a client that said it would not publish has no uplink', async () => {
  await using bench = await openHttpBench(grpc);
  const [client] = await connectAll(bench, 1);
  expect(() => client?.connection.send('a', Buffer.from('x'))).toThrow(/publishes: false/);
  await client?.connection.close();
});

test('what was given to send and has not left is told as failed before the drop, and what comes later too', async () => {
  await using bench = await openHttpBench(grpc);
  const [client] = await connectAll(bench, 1, true);
  for (let i = 0; i < 100; i++) client?.connection.send('a', Buffer.alloc(100_000));
  bench.door.destroySockets();
  await client?.until(({ drops }) => drops.length === 1);
  const failed = client?.sendFailures.length ?? 0;
  expect(failed).toBeGreaterThan(0);
  expect(failed + bench.hub.counts.received).toBeLessThanOrEqual(100);
  expect(client?.calls.filter((call) => call !== 'message').at(-1)).toBe('drop');
  client?.connection.send('a', Buffer.from('x'));
  expect(client?.sendFailures.length).toBe(failed + 1);
  await client?.connection.close();
});

test('unary: answers are counted, and one that says there is more is followed by the next at once', async () => {
  const settings = { mode: 'unary', intervalMs: 3_600_000 };
  await using bench = await openHttpBench(grpc, { settings, limits: { maxAnswerMessages: 2 } });
  for (const text of ['1', '2', '3', '4', '5']) bench.publish(text);
  const client = await bench.connect({ since: 0 });
  await client.until(({ texts }) => texts.length === 5);
  expect(bench.answers).toEqual([2, 2, 1]);
  await client.connection.close();
});

test('unary: a message waits for the next request, intervalMs at most', () => {
  expect(grpc.worstWaitMs(settingsOf(grpc, { mode: 'unary', intervalMs: 40 }))).toBe(40);
  expect(grpc.worstWaitMs(settingsOf(grpc, { intervalMs: 40 }))).toBe(0);
});

test('an abort while the server says nothing leaves no socket', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const accepted = once(silent, 'connection');
  const controller = new AbortController();
  const url = `tcp://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const connecting = TestClient.connect(grpc, { urls: [url], signal: controller.signal });
  const [socket] = await accepted;
  await once(socket, 'data');
  const reason = new Error('enough');
  controller.abort(reason);
  await expect(connecting).rejects.toBe(reason);
  socket.resume();
  if (!socket.closed) await once(socket, 'close');
  silent.close();
  await once(silent, 'close');
});

test('a connect waits for no server: refused at once, by name', async () => {
  await expect(TestClient.connect(grpc, { urls: ['tcp://127.0.0.1:1'] })).rejects.toThrow(/^127\.0\.0\.1:1: /);
});

test('a server that drains ends the call with status OK after what was published before, then sends GOAWAY', async () => {
  await using bench = await openHttpBench(grpc);
  const session = connect(bench.url.replace('tcp:', 'http:'));
  const stream = session.request({
    ':method': 'POST',
    ':path': METHODS.streamMessages,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  const request = streamRequest.encode({ channels: ['a'] });
  const head = Buffer.alloc(5);
  head.writeUInt32BE(request.length, 1);
  stream.end(Buffer.concat([head, request]));
  const events: string[] = [];
  stream.on('data', (chunk: Buffer) => events.push(`message ${chunk.includes('x')}`));
  stream.once('trailers', (trailers) => events.push(`status ${trailers['grpc-status']}`));
  const goaway = once(session, 'goaway').then(([code]) => events.push(`goaway ${code}`));
  await bench.untilHub((hub) => hub.subscribed === 1);
  bench.publish('x');
  const draining = bench.door.drain(10_000);
  await goaway;
  expect(events).toEqual(['message true', 'status 0', `goaway ${constants.NGHTTP2_NO_ERROR}`]);
  session.close();
  expect(await draining).toEqual({ open: 1, cut: 0 });
});

test('unary: who shows no token is refused in every call, publishing included', async () => {
  const { run, options } = authTest('bearer');
  const bench = await openContractBench(grpc, { ...options, settings: { mode: 'unary', intervalMs: 10 } });
  try {
    await run(bench);
  } finally {
    await bench.close();
  }
});

test.each(['own', 'shared'])(
  '%s channel: each connect is one attempt, whatever the library waits for',
  async (channel) => {
    const port = await freePorts(1);
    const urls = [`tcp://127.0.0.1:${port}`];
    const settings = settingsOf(grpc, { channel });
    for (let attempt = 0; attempt < 5; attempt++) {
      await expect(TestClient.connect(grpc, { urls, settings })).rejects.toThrow(/ECONNREFUSED/);
    }
    // It accepts, and does not speak the protocol.
    let accepted = 0;
    const rude = createServer((socket) => {
      accepted++;
      socket.destroy();
    }).listen(port, '127.0.0.1');
    await once(rude, 'listening');
    for (let attempt = 1; attempt <= 5; attempt++) {
      await expect(TestClient.connect(grpc, { urls, settings })).rejects.toThrow(/UNAVAILABLE/);
      expect(accepted).toBe(attempt);
    }
    rude.close();
    await once(rude, 'close');
  },
);

test('a client that comes to a shared channel that has failed makes an attempt of its own', async () => {
  const port = await freePorts(1);
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket)).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const opts = { tls: null, pingMs: 0, sharing: 'shared' } as const;
  const first = acquireChannel(`127.0.0.1:${port}`, opts);
  const channel = first.client.getChannel();
  const connected = once(server, 'connection');
  channel.getConnectivityState(true);
  await connected;
  for (const socket of sockets) socket.destroy();
  await vi.waitFor(() => expect(channel.getConnectivityState(false)).toBe(connectivityState.TRANSIENT_FAILURE));
  const second = acquireChannel(`127.0.0.1:${port}`, opts);
  expect(second.client).not.toBe(first.client);
  await Promise.all([first.release(), second.release()]);
  server.close();
});
