import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BYTE_PARTS, type PartBytes } from '../metrics/byte-ledger.js';
import { openHttpBench, type TestClient } from '../testing/http-bench.js';
import grpc from '../transports/grpc/index.js';
import longPolling from '../transports/long-polling/index.js';
import shortPolling from '../transports/short-polling/index.js';
import sse from '../transports/sse/index.js';
import tcp from '../transports/tcp/index.js';
import type { Payload, Settings, Transport } from '../transports/transport.js';
import websocket from '../transports/websocket/index.js';

type Bench = Awaited<ReturnType<typeof openHttpBench>>;

const SIZES = [0, 1, 20, 125, 126, 1_000, 65_535, 65_536];

const EXACT: readonly { name: string; transport: Transport; settings?: Settings; payload?: Payload }[] = [
  { name: 'short polling', transport: shortPolling, settings: { intervalMs: 20 } },
  { name: 'short polling, new connections', transport: shortPolling, settings: { intervalMs: 20, keepAlive: false } },
  { name: 'short polling, binary', transport: shortPolling, settings: { intervalMs: 20 }, payload: 'binary' },
  { name: 'long polling', transport: longPolling, settings: { holdMs: 100 } },
  { name: 'long polling, binary answers', transport: longPolling, settings: { holdMs: 100, format: 'binary' } },
  { name: 'SSE', transport: sse },
  { name: 'SSE, binary', transport: sse, payload: 'binary' },
  { name: 'SSE with heartbeats', transport: sse, settings: { heartbeatMs: 20 } },
  { name: 'WebSocket', transport: websocket },
  { name: 'WebSocket with ids and pings', transport: websocket, settings: { ids: true, pingMs: 20 } },
  { name: 'TCP', transport: tcp },
];

/** What the front door has counted since `restart`, and what the ledger says of it. */
function restart(bench: Bench) {
  const before = bench.door.sample().bytes;
  bench.ledger.restart();
  return () => {
    const { up, down } = bench.door.sample().bytes;
    const told = bench.ledger.sample();
    return { sockets: { up: up - before.up, down: down - before.down }, told, sums: sumsOf(told) };
  };
}

function sumsOf({ up, down }: Record<'up' | 'down', Readonly<PartBytes>>) {
  const sum = (bytes: Readonly<PartBytes>) => BYTE_PARTS.reduce((total, part) => total + bytes[part], 0);
  return { up: sum(up), down: sum(down) };
}

/** A client that publishes, in a window that begins after it is open, receives every size and closes. */
async function exchange(bench: Bench, sizes = SIZES) {
  const client = await bench.connect({ publishes: true });
  await receive(bench, client, [3]);
  const told = restart(bench);
  await receive(bench, client, sizes);
  for (const size of sizes) await publish(client, size);
  await client.connection.close();
  await bench.door.untilAllClosed(5_000);
  return told();
}

async function receive(bench: Bench, client: TestClient, sizes: readonly number[]): Promise<void> {
  for (const size of sizes) {
    const arrived = client.texts.length + 1;
    bench.publish('x'.repeat(size));
    await client.until(({ texts }) => texts.length === arrived);
  }
}

async function publish(client: TestClient, size: number): Promise<void> {
  const arrived = client.texts.length + 1;
  client.connection.send('a', Buffer.alloc(size, 'y'));
  await client.until(({ texts }) => texts.length === arrived);
}

const total = (sizes: readonly number[]) => sizes.reduce((sum, size) => sum + size, 0);

describe.each(EXACT)('$name', ({ transport, settings = {}, payload = 'text' }) => {
  test('every byte is told, and payload is what was published', async () => {
    await using bench = await openHttpBench(transport, { settings, payload });
    const { sockets, told, sums } = await exchange(bench);
    expect(sums).toEqual(sockets);
    expect({ up: told.up.payload, down: told.down.payload }).toEqual({ up: total(SIZES), down: 2 * total(SIZES) });
    for (const part of BYTE_PARTS) {
      expect(told.up[part], `${part} up`).toBeGreaterThanOrEqual(0);
      expect(told.down[part], `${part} down`).toBeGreaterThanOrEqual(0);
    }
  });

  test('so is every byte of a connection from its first to its last', async () => {
    await using bench = await openHttpBench(transport, { settings, payload });
    const told = restart(bench);
    const client = await bench.connect();
    await receive(bench, client, [10, 20]);
    await client.connection.close();
    await bench.door.untilAllClosed(5_000);
    const { sockets, sums } = told();
    expect(sums).toEqual(sockets);
    expect(sockets.up).toBeGreaterThan(0);
  });
});

describe('what parts are for', () => {
  test('polls that are empty are told apart, as whole requests and answers', async () => {
    await using bench = await openHttpBench(shortPolling, { settings: { intervalMs: 10 } });
    const client = await bench.connect();
    const told = restart(bench);
    const answers = bench.answers.length;
    while (bench.answers.length < answers + 4) await nextTurn();
    await client.connection.close();
    await bench.door.untilAllClosed(5_000);
    const { sockets, told: parts } = told();
    expect(parts.up.emptyPolls).toBe(sockets.up);
    expect(parts.down.emptyPolls).toBe(sockets.down);
    expect(parts.down.emptyPolls).toBeGreaterThan(0);
  });

  test('a poll that is held when the counting begins has its request before, its answer after', async () => {
    await using bench = await openHttpBench(longPolling);
    const client = await bench.connect();
    await bench.untilHub(({ waiting }) => waiting === 1);
    const told = restart(bench);
    // The next poll is held again, and is cut at the end without an answer.
    await receive(bench, client, [100]);
    await bench.untilHub(({ waiting }) => waiting === 1);
    await client.connection.close();
    await bench.door.untilAllClosed(5_000);
    const { sockets, told: parts } = told();
    expect(parts.up).toMatchObject({ payload: 0, headers: 0, emptyPolls: sockets.up });
    expect(parts.down).toMatchObject({ payload: 100, emptyPolls: 0 });
    expect(parts.down.payload + parts.down.framing + parts.down.headers).toBe(sockets.down);
  });

  test('heartbeats are whole chunks or frames', async () => {
    await using stream = await openHttpBench(sse, { settings: { heartbeatMs: 2 } });
    const client = await stream.connect();
    onTestFinished(() => client.connection.close());
    const told = restart(stream);
    while (stream.ledger.down.heartbeats < 3 * 8) await nextTurn();
    // `3`, two line ends and the three characters of the comment.
    expect(stream.ledger.down.heartbeats % 8).toBe(0);
    expect(told().sums).toEqual(told().sockets);
  });

  test.each([
    { transport: sse, up: 60 + 100, down: 0 },
    { transport: websocket, up: 2 + 4 + 100, down: 0 },
    { transport: tcp, up: 4 + 100, down: 0 },
  ])('what clients publish is known apart: $transport.profile.title', async ({ transport, up }) => {
    await using bench = await openHttpBench(transport);
    const { told } = await exchange(bench, [100]);
    if (transport === sse) {
      expect(told.uplink.up).toBe(told.up.payload + told.up.headers);
      expect(told.uplink.down).toBe(told.down.headers);
      expect(told.uplink.down).toBeGreaterThan(50);
    } else expect(told.uplink).toEqual({ up, down: 0 });
  });

  test('the closing handshake of a WebSocket is flow control', async () => {
    await using bench = await openHttpBench(websocket);
    const client = await bench.connect();
    const told = restart(bench);
    await client.connection.close();
    await bench.door.untilAllClosed(5_000);
    expect(told().told).toMatchObject({ up: { flowControl: 2 + 4 + 2 }, down: { flowControl: 2 + 2 } });
    expect(told().sums).toEqual(told().sockets);
  });
});

describe('what a library does not tell', () => {
  test.each([
    { name: 'gRPC streaming', transport: grpc, settings: {} },
    { name: 'gRPC unary', transport: grpc, settings: { mode: 'unary', intervalMs: 20 } },
    { name: 'WebSocket, compressed', transport: websocket, settings: { deflate: true } },
  ])('is less than what the sockets moved: $name', async ({ transport, settings }) => {
    await using bench = await openHttpBench(transport, { settings });
    const { sockets, told, sums } = await exchange(bench);
    expect(sums.up).toBeLessThan(sockets.up);
    expect(sums.down).toBeLessThan(sockets.down);
    expect(bench.uncounted.up.length).toBeGreaterThan(0);
    for (const way of ['up', 'down'] as const) {
      // The first takes in the rest; the others must not be in the ledger too.
      for (const part of bench.uncounted[way].slice(1)) expect(told[way][part]).toBe(0);
    }
    if (transport === grpc) {
      expect(told.down.payload).toBe(2 * total(SIZES));
      expect(told.up.payload).toBe(total(SIZES));
    }
  });
});
