import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { conditionsOf, type NetworkConditions, NO_DISTANCE } from '../../scenario/network.js';
import { type Relay, type RelayOptions, startRelay } from './relay.js';

const closing: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server that hands each of its sockets to `onSocket`. */
async function openUpstream(onSocket: (socket: Socket) => void): Promise<{ host: string; port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    onSocket(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

async function openRelay(
  upstream: { host: string; port: number },
  conditions: Partial<NetworkConditions> = {},
  more: Partial<RelayOptions> = {},
): Promise<Relay> {
  const relay = await startRelay({
    upstreams: [upstream],
    conditions: { ...NO_DISTANCE, ...conditions },
    seed: 1,
    ...more,
  });
  closing.push(() => relay.stop());
  return relay;
}

function client(relay: Relay): Socket {
  const { host = '', port = 0 } = relay.addresses[0] ?? {};
  const socket = connect({ host, port, noDelay: true, allowHalfOpen: true });
  closing.push(() => socket.destroy());
  return socket;
}

const echo = (socket: Socket) => socket.pipe(socket);

/** Everything until the other side ends. */
async function everything(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function roundTripMs(socket: Socket): Promise<number> {
  const startMs = performance.now();
  socket.write('x');
  await once(socket, 'data');
  return performance.now() - startMs;
}

test('what goes in comes out, both ways and in order, whatever the network', async () => {
  const upstream = await openUpstream(echo);
  const network = fc.record({
    rttMs: fc.integer({ min: 0, max: 10 }),
    jitterMs: fc.integer({ min: 0, max: 5 }),
    bytesPerSecond: fc.record({
      up: fc.option(fc.integer({ min: 5_000_000, max: 50_000_000 })),
      down: fc.option(fc.integer({ min: 5_000_000, max: 50_000_000 })),
    }),
  });
  const writes = fc.array(fc.uint8Array({ minLength: 1, maxLength: 20_000, size: 'max' }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(network, writes, async (conditions, chunks) => {
      const relay = await startRelay({ upstreams: [upstream], conditions: { profile: null, ...conditions }, seed: 3 });
      const socket = client(relay);
      try {
        for (const chunk of chunks) socket.write(chunk);
        socket.end();
        const sent = Buffer.concat(chunks);
        expect((await everything(socket)).equals(sent)).toBe(true);
        expect(relay.sample().bytes).toEqual({ up: sent.length, down: sent.length });
      } finally {
        socket.destroy();
        await relay.stop();
      }
    }),
    { numRuns: 25 },
  );
});

test('nothing comes back before the round trip is over, and the first answer not before two', async () => {
  const relay = await openRelay(await openUpstream(echo), { rttMs: 40 });
  const socket = client(relay);
  expect(await roundTripMs(socket)).toBeGreaterThanOrEqual(79.9);
  for (let i = 0; i < 5; i++) expect(await roundTripMs(socket)).toBeGreaterThanOrEqual(39.9);
});

test('jitter is added to the delay, and is a function of the seed', async () => {
  const relay = await openRelay(await openUpstream(echo), { rttMs: 20, jitterMs: 20 });
  const socket = client(relay);
  await roundTripMs(socket);
  const timesMs: number[] = [];
  for (let i = 0; i < 8; i++) timesMs.push(await roundTripMs(socket));
  expect(Math.min(...timesMs)).toBeGreaterThanOrEqual(19.9);
  // Two uniform draws from 0 to 20 ms: that eight sums are all within 2 ms of each other does not happen.
  expect(Math.max(...timesMs) - Math.min(...timesMs)).toBeGreaterThan(2);
});

test('a limited line takes as long as its bandwidth says, at least', async () => {
  const relay = await openRelay(await openUpstream((socket) => socket.end(Buffer.alloc(50_000))), {
    bytesPerSecond: { up: null, down: 500_000 },
  });
  const startMs = performance.now();
  expect(await everything(client(relay))).toHaveLength(50_000);
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(99);
});

test('who sends faster than the line is held back: what is under way stays bounded', async () => {
  const upstream = await openUpstream((socket) => socket.resume());
  const relay = await openRelay(upstream, { rttMs: 10, bytesPerSecond: { up: 10_000, down: 10_000 } });
  const socket = client(relay);
  let flushed = false;
  socket.write(Buffer.alloc(32 * 1024 * 1024), () => {
    flushed = true;
  });
  await expect.poll(() => relay.sample().bytes.up).toBeGreaterThan(0);
  expect(flushed).toBe(false);
  expect(relay.sample().bytes.up).toBeLessThan(100_000);
});

test('a half-close passes as one: the server can still answer', async () => {
  const relay = await openRelay(
    await openUpstream((socket) => {
      void everything(socket).catch(() => {});
      socket.once('end', () => socket.end('after the end'));
    }),
    { rttMs: 10 },
  );
  const socket = client(relay);
  socket.end('last words');
  expect(String(await everything(socket))).toBe('after the end');
});

test.each([0, 20])('a reset passes as one, to either side (%i ms away)', async (rttMs) => {
  const accepted: Socket[] = [];
  const relay = await openRelay(await openUpstream((socket) => accepted.push(socket.resume())), { rttMs });
  const one = client(relay);
  one.write('x');
  await expect.poll(() => accepted.length).toBe(1);
  const oneFails = once(one, 'error');
  accepted[0]?.resetAndDestroy();
  expect((await oneFails)[0]).toMatchObject({ code: 'ECONNRESET' });

  const two = client(relay);
  two.write('x');
  await expect.poll(() => accepted.length).toBe(2);
  let error: unknown;
  accepted[1]?.once('error', (reason) => {
    error = reason;
  });
  two.resetAndDestroy();
  await expect.poll(() => error).toMatchObject({ code: 'ECONNRESET' });
  await expect.poll(() => relay.sample().connections).toMatchObject({ accepted: 2, open: 0 });
});

test('where nobody listens, the connection is reset', async () => {
  const relay = await openRelay({ host: '127.0.0.1', port: 9 }, { rttMs: 10 });
  const [error] = await once(client(relay), 'error');
  expect(error).toMatchObject({ code: 'ECONNRESET' });
});

test('stall: nothing crosses for a while, then everything does', async () => {
  const relay = await openRelay(await openUpstream(echo), { rttMs: 4 });
  const socket = client(relay);
  await roundTripMs(socket);
  const startMs = performance.now();
  expect(relay.command({ type: 'stall', connections: 'all', forMs: 150 })).toEqual([socket.localPort]);
  await roundTripMs(socket);
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(149);
});

test('stall: of all connections it is those that are made meanwhile too, and not those that are excepted', async () => {
  const relay = await openRelay(await openUpstream(echo));
  const spared = client(relay);
  await roundTripMs(spared);
  const startMs = performance.now();
  expect(relay.command({ type: 'stall', connections: 'all', forMs: 300, except: [spared.localPort ?? 0] })).toEqual([]);
  const late = client(relay);
  late.write('x');
  let answered = false;
  const answer = once(late, 'data').then(() => {
    answered = true;
  });
  await roundTripMs(spared);
  if (performance.now() - startMs < 250) expect(answered).toBe(false);
  await answer;
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(299);
});

test('cut: both sides are reset, of as many connections as were asked for', async () => {
  const errors: unknown[] = [];
  const upstream = await openUpstream((socket) => {
    socket.on('error', (error) => errors.push(error));
    echo(socket);
  });
  const relay = await openRelay(upstream);
  const sockets = Array.from({ length: 20 }, () => client(relay));
  const failed: number[] = [];
  for (const socket of sockets) {
    await roundTripMs(socket);
    const port = socket.localPort ?? 0;
    socket.on('error', () => failed.push(port));
  }
  const struck = relay.command({ type: 'cut', connections: { share: 0.25 } });
  expect(struck).toHaveLength(5);
  await expect.poll(() => failed.length).toBe(5);
  expect([...failed].sort()).toEqual([...struck].sort());
  await expect.poll(() => errors.length).toBe(5);
  await expect.poll(() => relay.sample().connections.open).toBe(15);
});

test('silence: what is sent is lost, the end with it, and neither side is told', async () => {
  let received = '';
  let ended = false;
  const relay = await openRelay(
    await openUpstream((socket) => {
      socket.on('data', (chunk) => {
        received += chunk;
        socket.write('.');
      });
      socket.on('end', () => {
        ended = true;
      });
    }),
    { rttMs: 4 },
  );
  const socket = client(relay);
  const other = client(relay);
  await roundTripMs(socket);
  await roundTripMs(other);
  relay.command({ type: 'silence', connections: { clientPorts: [socket.localPort ?? 0] } });
  socket.end('y');
  for (let i = 0; i < 3; i++) await roundTripMs(other);
  expect({ received, ended }).toEqual({ received: 'xxxxx', ended: false });
});

test('silence: a share is drawn among those that are not silent yet', async () => {
  const relay = await openRelay(await openUpstream(echo));
  const sockets = Array.from({ length: 8 }, () => client(relay));
  for (const socket of sockets) await roundTripMs(socket);
  const half = { type: 'silence', connections: { share: 0.5 } } as const;
  const struck = [...relay.command(half), ...relay.command(half)];
  expect(struck).toHaveLength(4 + 2);
  expect(new Set(struck).size).toBe(6);
});

test.each(['reset', 'silence'] as const)('an idle connection ends by %s, one in use stays', async (end) => {
  const relay = await openRelay(await openUpstream(echo), {}, { idle: { afterMs: 150, end } });
  const idle = client(relay);
  const used = client(relay);
  await roundTripMs(idle);
  let error: unknown;
  idle.on('error', (reason) => {
    error = reason;
  });
  while (relay.sample().connections.idleEnded === 0) {
    await roundTripMs(used);
    await delay(10);
  }
  await roundTripMs(used);
  expect(relay.sample().connections.open).toBe(end === 'reset' ? 1 : 2);
  expect(error === undefined).toBe(end === 'silence');
});

test('profiles become bytes a second', () => {
  expect(conditionsOf('3g')).toEqual({
    profile: '3g',
    rttMs: 300,
    jitterMs: 0,
    bytesPerSecond: { up: 96_000, down: 200_000 },
  });
});
