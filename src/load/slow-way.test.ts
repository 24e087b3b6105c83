import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { SlowWay } from './slow-way.js';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function openWay(bytesPerSecond: number) {
  const server = createServer({ allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const opened = await SlowWay.open([`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`], bytesPerSecond);
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const [url = ''] = opened.urls;
  const client = connect({ host: '127.0.0.1', port: Number(new URL(url).port), allowHalfOpen: true });
  const [peer] = await accepted;
  const received: Buffer[] = [];
  client.on('data', (chunk) => received.push(chunk));
  closers.push(
    () => new Promise((resolve) => server.close(resolve)),
    () => opened.way.close(),
    () => {
      client.destroy();
      peer.destroy();
    },
  );
  return { way: opened.way, client, peer, received: () => Buffer.concat(received) };
}

/** Polls a state that no event tells of. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

const BODY = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));

describe('a slow way', () => {
  it('passes everything on, both ways, and the ends of both', async () => {
    const { client, peer, received, way } = await openWay(0);
    const up: Buffer[] = [];
    peer.on('data', (chunk) => up.push(chunk));
    client.end(BODY);
    await once(peer, 'end');
    peer.end(BODY);
    await once(client, 'end');
    expect(Buffer.concat(up).equals(BODY)).toBe(true);
    expect(received().equals(BODY)).toBe(true);
    expect(way.readBytes).toBe(BODY.length);
  });

  it('reads nothing while it is stopped, and everything afterwards; what goes up is not held back', async () => {
    const { client, peer, received, way } = await openWay(0);
    peer.write('before');
    await until(() => received().length === 6);
    way.holdBack();
    let written = 0;
    // The kernel takes some MB; beyond that it waits in the writer's process.
    while (peer.writableLength < 1_000_000) {
      peer.write(BODY);
      written += BODY.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    client.write('up');
    expect(String((await once(peer, 'data'))[0])).toBe('up');
    expect(received().length).toBe(6);
    way.letGo();
    await until(() => received().length === 6 + written);
    expect(
      received()
        .subarray(6, 6 + BODY.length)
        .equals(BODY),
    ).toBe(true);
  });

  it('reads at its rate', async () => {
    const { peer, received, way } = await openWay(100_000);
    way.holdBack();
    const fromMs = performance.now();
    peer.write(BODY.subarray(0, 100_000));
    await until(() => received().length === 100_000);
    // No sooner than the rate allows, save for the last read, which nothing has to wait for.
    expect(performance.now() - fromMs).toBeGreaterThan(850);
    expect(received().equals(BODY.subarray(0, 100_000))).toBe(true);
  });

  it('tells the client of a reset, and the server of a client that is gone', async () => {
    const first = await openWay(0);
    const reset = once(first.client, 'error');
    first.peer.resetAndDestroy();
    expect(String(await reset)).toMatch(/ECONNRESET/);
    const second = await openWay(0);
    second.peer.on('error', () => {});
    second.client.resetAndDestroy();
    await new Promise((resolve) => second.peer.once('close', resolve));
  });
});
