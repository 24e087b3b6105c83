import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startRelay } from '../network/relay/relay.js';
import { NO_DISTANCE } from '../scenario/network.js';
import { openHttpBench, settingsOf } from '../testing/http-bench.js';
import grpc from './grpc/index.js';
import longPolling from './long-polling/index.js';
import shortPolling from './short-polling/index.js';
import sse from './sse/index.js';
import tcp from './tcp/index.js';
import type { Settings, Transport } from './transport.js';
import websocket from './websocket/index.js';

const EVERY_MS = 200;
/** Beyond a promise, for a machine with other things to do. */
const SLACK_MS = 1_500;
/**
 * Of tests in which nothing may be cut: a machine that stands still for longer than a heartbeat cuts connections rightly,
 * and one that does other things too does not stand still for so long.
 */
const CALM_MS = 2_000;

const variants: readonly (readonly [label: string, transport: Transport, settings: Settings])[] = [
  ['short polling', shortPolling, {}],
  ['short polling over HTTP/2', shortPolling, { http: '2' }],
  ['long polling', longPolling, {}],
  ['long polling over HTTP/2', longPolling, { http: '2' }],
  ['SSE', sse, {}],
  ['SSE over HTTP/2', sse, { http: '2' }],
  ['WebSocket', websocket, {}],
  ['gRPC', grpc, {}],
  ['gRPC, unary', grpc, { mode: 'unary' }],
];

function beating(transport: Transport, variant: Settings, everyMs: number): Settings {
  const settings = settingsOf(transport, variant);
  return { ...settings, ...transport.heartbeat?.settingsAt(everyMs, settings) };
}

/** A bench whose client comes through a relay. */
async function openThroughRelay(transport: Transport, settings: Settings, idle?: { afterMs: number; end: 'reset' }) {
  const bench = await openHttpBench(transport, { settings });
  const { protocol, hostname, port } = new URL(bench.url);
  const upstreams = [{ host: hostname, port: Number(port) }];
  const relay = await startRelay({ upstreams, conditions: NO_DISTANCE, seed: 1, idle: idle ?? null });
  const url = `${protocol}//${relay.addresses[0]?.host}:${relay.addresses[0]?.port}`;
  const client = await bench.connect({ urls: [url] });
  return {
    bench,
    relay,
    client,
    async [Symbol.asyncDispose]() {
      await client.connection.close();
      await relay.stop();
      await bench.close();
    },
  };
}

/** Resolves when no connection is open at the server any more. */
async function untilServerCloses(door: Awaited<ReturnType<typeof openHttpBench>>['door']): Promise<void> {
  await door.untilAllClosed(10_000);
  expect(door.sample().sockets.open).toBe(0);
}

test.concurrent.each(variants)(
  '%s: both sides notice a peer that vanished, within what is promised',
  async (_, transport, variant) => {
    const settings = beating(transport, variant, EVERY_MS);
    const promise = transport.heartbeat?.promise(settings);
    if (!promise) throw new Error('no promise');
    await using through = await openThroughRelay(transport, settings);
    const { bench, relay, client } = through;
    const startMs = performance.now();
    relay.command({ type: 'silence', connections: 'all' });
    const noticedMs = async (noticed: Promise<unknown>) => {
      await noticed;
      return performance.now() - startMs;
    };
    const [clientMs, serverMs] = await Promise.all([
      noticedMs(client.until(({ drops }) => drops.length === 1)),
      promise.serverNoticesMs === null ? null : noticedMs(untilServerCloses(bench.door)),
    ]);
    expect(clientMs).toBeLessThan((promise.clientNoticesMs ?? 0) + SLACK_MS);
    if (serverMs !== null) expect(serverMs).toBeLessThan((promise.serverNoticesMs ?? 0) + SLACK_MS);
    await client.connection.close();
    expect(client.calls).toEqual(['drop']);
  },
);

test('only over HTTP/1.1 SSE leaves the server without a sign of the client', () => {
  const promises = variants.map(([label, transport, variant]) => ({
    label,
    promise: transport.heartbeat?.promise(beating(transport, variant, EVERY_MS)),
  }));
  expect(promises.filter(({ promise }) => promise?.clientNoticesMs === null)).toEqual([]);
  expect(promises.filter(({ promise }) => promise?.serverNoticesMs === null).map(({ label }) => label)).toEqual([
    'SSE',
  ]);
});

test.concurrent.each(variants)('%s: heartbeats and quiet clients are left alone', async (_, transport, variant) => {
  const settings = beating(transport, variant, CALM_MS);
  await using through = await openThroughRelay(transport, settings);
  const { bench, client } = through;
  // Some heartbeats, and nothing else.
  await delay(3.5 * CALM_MS);
  expect(client.calls).toEqual([]);
  const open = bench.door.sample().sockets.open;
  expect(open).toBeGreaterThan(0);
  bench.publish('hello');
  await client.until(({ texts }) => texts.length === 1);
  expect(client.calls).toEqual(['message']);
});

test.concurrent.each(variants)(
  '%s: an idle timeout of the way cuts what beats slower, and only that',
  async (_, transport, variant) => {
    const idle = { afterMs: CALM_MS, end: 'reset' } as const;
    {
      await using often = await openThroughRelay(transport, beating(transport, variant, CALM_MS / 8), idle);
      await delay(1.5 * CALM_MS);
      expect(often.client.calls).toEqual([]);
      expect(often.relay.sample().connections.idleEnded).toBe(0);
    }
    await using seldom = await openThroughRelay(
      transport,
      { ...beating(transport, variant, 60_000), intervalMs: 60_000 },
      idle,
    );
    await seldom.client.until(({ drops }) => drops.length === 1);
    expect(seldom.relay.sample().connections.idleEnded).toBe(1);
  },
);

test('a bare TCP connection has no heartbeat, and without one nobody notices', async () => {
  expect(tcp.heartbeat).toBeUndefined();
  for (const [, transport, variant] of variants) {
    if (transport.heartbeat?.promise(settingsOf(transport, variant)).everyMs !== null) continue;
    await using through = await openThroughRelay(transport, settingsOf(transport, variant));
    through.relay.command({ type: 'silence', connections: 'all' });
    await delay(300);
    expect(through.client.calls).toEqual([]);
    expect(through.bench.door.sample().sockets.open).toBe(1);
  }
});

test('a client that answers late but answers is kept', async () => {
  const settings = { ...settingsOf(websocket), pingMs: 100 };
  await using through = await openThroughRelay(websocket, settings);
  const { relay, bench, client } = through;
  for (let i = 0; i < 3; i++) {
    relay.command({ type: 'stall', connections: 'all', forMs: 40 });
    await delay(120);
  }
  expect(client.calls).toEqual([]);
  expect(bench.door.sample().sockets.open).toBe(1);
});
