import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { SlowWay } from '../load/slow-way.js';
import type { WhenFull } from '../scenario/when-full.js';
import { SERVER_LIMITS } from '../server/limits.js';
import { ReferenceServer } from '../server/reference-server.js';
import { FAREWELL_MS } from '../transports/farewell.js';
import { builtInTransports, loadTransport } from '../transports/index.js';
import type { Connection, ConnectOptions, Settings } from '../transports/transport.js';

const BUFFER_BYTES = 256 * 1_024;
const BODY_BYTES = 16 * 1_024;
/** What the kernel takes of a reader that has stopped, both ends together, is beyond a test's say. */
const MESSAGES_AFTER_FULL = 100;
const PUSHED = [
  { name: 'websocket', settings: {}, said: /code 1013, reason "too slow"/ },
  { name: 'websocket', settings: { deflate: true }, said: /code 1013, reason "too slow"/ },
  { name: 'sse', settings: { http: '1.1' }, said: /./ },
  { name: 'sse', settings: { http: '2' }, said: /./ },
  { name: 'grpc', settings: {}, said: /RESOURCE_EXHAUSTED/ },
  { name: 'tcp', settings: {}, said: /closed the connection/ },
];

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Polls a state that no event tells of. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

class Client {
  readonly sequences: number[] = [];
  readonly drops: string[] = [];
  gaps = 0;

  options(urls: readonly string[], clientId: number, settings: Settings): ConnectOptions {
    return {
      urls,
      clientId,
      channels: ['a'],
      since: null,
      settings,
      tls: null,
      payload: 'text',
      phase: 0,
      publishes: false,
      signal: new AbortController().signal,
      onMessage: (body) => this.sequences.push(Number(Buffer.from(body).toString('latin1', 0, 8))),
      onDrop: ({ message }) => this.drops.push(message),
      onGap: () => this.gaps++,
      onSendFailed: () => {},
    };
  }
}

async function bench(name: string, changed: Settings, whenFull: WhenFull) {
  const entry = builtInTransports.find((one) => one.name === name);
  const transport = await loadTransport(entry?.module ?? '');
  const defaults = Object.fromEntries(Object.entries(transport.settings).map(([key, spec]) => [key, spec.default]));
  const settings = { ...defaults, ...changed };
  const server = await ReferenceServer.open({
    transports: [{ module: entry?.module ?? '', settings }],
    payload: 'text',
    limits: { ...SERVER_LIMITS, maxBufferedBytes: BUFFER_BYTES },
    firstId: 1,
    history: { messages: 2_000, bytes: 64 * 1_048_576 },
    addresses: ['127.0.0.1'],
    whenFull,
    slowDoor: true,
  });
  const { way, urls } = await SlowWay.open(server.slowUrls ?? [], 0);
  const [slow, healthy] = [new Client(), new Client()];
  const half = await transport.client();
  const connections: Connection[] = [];
  closers.push(
    () => server.close(),
    () => way.close(),
    () => Promise.all(connections.map((connection) => connection.close())),
  );
  connections.push(await half.connect(slow.options(urls, 0, settings)));
  connections.push(await half.connect(healthy.options(server.urls[0] ?? [], 1, settings)));
  let published = 0;
  const publish = async (): Promise<void> => {
    const text = String(published++).padStart(8, '0');
    // Not to be compressed: WebSocket with deflate has to fill its buffers as the others do.
    const filler = randomBytes(BODY_BYTES)
      .toString('base64')
      .slice(0, BODY_BYTES - 8);
    server.hub.publish('a', Buffer.from(text + filler));
    // The healthy reader keeps up: one that falls behind in a burst would be none.
    await until(() => healthy.sequences.length === published);
  };
  return { server, way, slow, healthy, publish, published: () => published };
}

function from(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

describe.each(PUSHED)('a stopped reader of $name $settings', ({ name, settings, said }) => {
  it('does not fill the memory, and gets everything once it reads again (wait)', async () => {
    const run = await bench(name, settings, { policy: 'wait', bufferBytes: BUFFER_BYTES });
    run.way.holdBack();
    const { hub } = run.server;
    while (hub.standing.slow.full === 0) await run.publish();
    for (let i = 0; i < MESSAGES_AFTER_FULL; i++) {
      await run.publish();
      // One message may go over it; base64, frames and ids are well within another.
      expect(hub.standing.slow.waitingBytes).toBeLessThanOrEqual(BUFFER_BYTES + 2 * BODY_BYTES);
    }
    expect(hub.standing.slow).toMatchObject({ readers: 1, full: 1, behindMessages: MESSAGES_AFTER_FULL });
    expect(hub.standing.slow.waitingBytes).toBeGreaterThan(BUFFER_BYTES / 2);
    expect(run.healthy.sequences).toEqual(from(0, run.published()));
    run.way.letGo();
    await until(() => run.slow.sequences.length === run.published());
    expect(run.slow.sequences).toEqual(from(0, run.published()));
    expect([run.slow.drops, run.slow.gaps]).toEqual([[], 0]);
  });

  it('skips what is too old, and misses exactly that (drop-oldest)', async () => {
    const run = await bench(name, settings, { policy: 'drop-oldest', keepMessages: 10, bufferBytes: BUFFER_BYTES });
    run.way.holdBack();
    const { hub } = run.server;
    while (hub.standing.slow.full === 0) await run.publish();
    const handedOver = run.published();
    for (let i = 0; i < MESSAGES_AFTER_FULL; i++) await run.publish();
    expect(hub.standing.slow).toMatchObject({ behindMessages: 10, dropped: MESSAGES_AFTER_FULL - 10 });
    run.way.letGo();
    const last = run.published() - 1;
    await until(() => run.slow.sequences.at(-1) === last);
    expect(run.slow.sequences).toEqual([...from(0, handedOver), ...from(last - 9, 10)]);
    expect(run.healthy.sequences).toEqual(from(0, run.published()));
    expect(hub.standing.others.dropped).toBe(0);
  });

  it('is ended in the words of its protocol, and its memory is given back (disconnect)', async () => {
    const policy = { policy: 'disconnect', afterMs: 60_000, behindMessages: 20, bufferBytes: BUFFER_BYTES } as const;
    const run = await bench(name, settings, policy);
    run.way.holdBack();
    const { hub, door } = run.server;
    while (hub.standing.slow.disconnected === 0) await run.publish();
    expect(hub.standing.slow).toMatchObject({ readers: 0, waitingBytes: 0, behindMessages: 0 });
    const gotByThen = run.published() - 21;
    run.way.letGo();
    await until(() => run.slow.drops.length > 0);
    expect(run.slow.drops).toEqual([expect.stringMatching(said)]);
    expect(run.slow.sequences).toEqual(from(0, gotByThen));
    await run.publish();
    expect(run.healthy.sequences).toEqual(from(0, run.published()));
    expect(run.healthy.drops).toEqual([]);
    await until(() => door.sample().sockets.open <= 1);
  });

  it('is cut where it does not even read its farewell', async () => {
    const policy = { policy: 'disconnect', afterMs: 50, behindMessages: 1_000, bufferBytes: BUFFER_BYTES } as const;
    const run = await bench(name, settings, policy);
    run.way.holdBack();
    const { hub } = run.server;
    while (hub.standing.slow.disconnected === 0) await run.publish();
    // Over HTTP/2 a stream is ended and not its connection, which others share.
    if (settings.http !== '2') await until(() => run.server.door.sample().sockets.open === 1);
    else await new Promise((resolve) => setTimeout(resolve, FAREWELL_MS + 200));
    run.way.letGo();
    await until(() => run.slow.drops.length > 0);
    expect(run.slow.sequences).toEqual(from(0, run.slow.sequences.length));
    expect(run.slow.sequences.length).toBeLessThan(run.published());
  });
});
