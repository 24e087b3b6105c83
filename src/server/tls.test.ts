import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { type ConnectionOptions, checkServerIdentity, connect as connectTls, type TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, test } from 'vitest';
import { BYTE_PARTS, type PartBytes } from '../metrics/byte-ledger.js';
import { openHttpBench, TestClient } from '../testing/http-bench.js';
import { builtInTransports, loadTransport } from '../transports/index.js';
import longPolling from '../transports/long-polling/index.js';
import shortPolling from '../transports/short-polling/index.js';
import sse from '../transports/sse/index.js';
import tcp from '../transports/tcp/index.js';
import websocket from '../transports/websocket/index.js';
import { makeCertificate, type ServerIdentity } from './certificate.js';
import { readTlsFacts } from './tls-facts.js';

let identity: ServerIdentity;
beforeAll(async () => {
  identity = await makeCertificate(['127.0.0.1', '127.0.0.2']);
});

/** A handshake of a client that trusts this identity. */
async function shakeHands(url: string, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const { hostname, port } = new URL(url);
  const socket = connectTls({ host: hostname, port: Number(port), ca: identity.certificate, ...options });
  await once(socket, 'secureConnect');
  return socket;
}

test('the certificate names every address and localhost, and nothing else', async () => {
  await using bench = await openHttpBench(tcp, { identity });
  const socket = await shakeHands(bench.url);
  const certificate = socket.getPeerCertificate();
  socket.destroy();
  for (const name of ['127.0.0.1', '127.0.0.2', 'localhost']) {
    expect(checkServerIdentity(name, certificate)).toBeUndefined();
  }
  expect(checkServerIdentity('127.0.0.3', certificate)?.message).toMatch(/127\.0\.0\.3/);
  expect(certificate).toMatchObject({ asn1Curve: 'prime256v1', bits: 256 });
});

describe.each(builtInTransports)('$name', async ({ module }) => {
  const transport = await loadTransport(module);
  const versions = transport.settings.http ? [{ http: '1' }, { http: '2' }] : [{}];

  test.skipIf(!transport.server).each(versions)(
    '%o: refuses a server with a certificate of another',
    async (settings) => {
      await using bench = await openHttpBench(transport, { identity, settings });
      const { certificate } = await makeCertificate(['127.0.0.1']);
      const connecting = bench.connect({ tls: { ca: certificate } });
      await expect(connecting).rejects.toThrow(/self[- ]signed|certificate|No connection established/i);
      // The one that it trusts is refused by no one.
      const client = await bench.connect();
      await client.connection.close();
    },
  );

  test.skipIf(!transport.server)('refuses a server whose certificate is for another address', async () => {
    const elsewhere = await makeCertificate([]);
    await using bench = await openHttpBench(transport, { identity: elsewhere });
    const url = bench.url.replace('127.0.0.1', 'localhost');
    const byName = await bench.connect({ urls: [url] });
    await byName.connection.close();
  });
});

test('an address that the certificate does not have is refused', async () => {
  const elsewhere = await makeCertificate(['127.0.0.2']);
  for (const transport of [sse, websocket, tcp]) {
    await using bench = await openHttpBench(transport, { identity: elsewhere });
    await expect(bench.connect()).rejects.toThrow(/altnames/);
  }
});

test('a client in the clear and one of TLS 1.2 are turned away, and others are served', async () => {
  await using bench = await openHttpBench(sse, { identity });
  const { hostname, port } = new URL(bench.url);
  const clear = connectTcp(Number(port), hostname);
  clear.end('GET /events HTTP/1.1\r\nHost: x\r\n\r\n').resume();
  await once(clear, 'close');
  await expect(shakeHands(bench.url, { maxVersion: 'TLSv1.2' })).rejects.toThrow(/alert protocol version/);
  const client = await bench.connect();
  bench.publish('hello');
  await client.until(({ texts }) => texts.length === 1);
  await client.connection.close();
});

test('what does not speak TLS is told so by a client that does', async () => {
  await using bench = await openHttpBench(websocket);
  const tls = { ca: identity.certificate };
  const url = bench.url.replace('http:', 'https:');
  await expect(TestClient.connect(websocket, { urls: [url], tls })).rejects.toThrow(/127\.0\.0\.1/);
});

/** A record of TLS 1.3: 5 bytes of header, the content, its type and 16 bytes of tag. */
const RECORD_BYTES = 5 + 1 + 16;

test.each([
  ['websocket', websocket, {}, (n: number) => n + 4],
  ['sse over HTTP/2', sse, { http: '2' }, (n: number) => n + 8 + 5 + 6 + 9],
  ['tcp', tcp, {}, (n: number) => n + 10],
] as const)('bytes are counted below TLS: %s', async (_name, transport, settings, plainBytes) => {
  await using bench = await openHttpBench(transport, { identity, settings, firstId: 100_000 });
  const client = await bench.connect();
  const before = bench.door.sample().bytes;
  bench.publish('x'.repeat(1_000));
  await client.until(({ texts }) => texts.length === 1);
  const { up, down } = bench.door.sample().bytes;
  expect([down - before.down, up - before.up]).toEqual([plainBytes(1_000) + RECORD_BYTES, 0]);
  await client.connection.close();
});

test.each([
  ['websocket', websocket, {}],
  ['sse', sse, {}],
  ['long polling', longPolling, {}],
  ['short polling, new connections', shortPolling, { intervalMs: 5, keepAlive: false }],
  ['tcp', tcp, {}],
] as const)('what is not in the ledger is what TLS takes: %s', async (_name, transport, settings) => {
  await using bench = await openHttpBench(transport, { identity, settings });
  const client = await bench.connect({ publishes: true });
  for (const size of [0, 1_000, 65_536]) {
    client.connection.send('a', Buffer.alloc(size, 'x'));
    await client.until(({ texts }) => texts.at(-1)?.length === size);
  }
  await client.connection.close();
  await bench.door.untilAllClosed(5_000);
  const { bytes, tls } = bench.door.sample();
  const told = bench.ledger.sample();
  const sum = (parts: Readonly<PartBytes>) => BYTE_PARTS.reduce((total, part) => total + parts[part], 0);
  expect({ up: sum(told.up), down: sum(told.down) }).toEqual({ up: bytes.up - tls.up, down: bytes.down - tls.down });
  // A handshake takes hundreds of bytes; a record for each message, and for each 16,384 bytes of it, 22.
  expect(tls.down).toBeGreaterThan(700 + 7 * RECORD_BYTES);
  expect(tls.up).toBeGreaterThan(300 + 7 * RECORD_BYTES);
});

test('what a handshake agrees on, as it was seen', async () => {
  expect(await readTlsFacts(identity)).toEqual({
    version: 'TLSv1.3',
    cipher: 'TLS_AES_128_GCM_SHA256',
    keyExchange: process.versions.openssl.startsWith('3.0') ? 'X25519' : expect.toSatisfy(() => true),
    alpn: ['h2', 'http/1.1'],
    certificate: 'ECDSA P-256, self-signed',
    sessionTickets: 2,
    openssl: process.versions.openssl,
  });
});
