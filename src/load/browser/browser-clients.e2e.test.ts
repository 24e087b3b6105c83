import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HostClock } from '../../metrics/clock.js';
import { hasEnvelope, readSequence, writeEnvelope } from '../../protocol/envelope.js';
import { makeCertificate, type ServerIdentity } from '../../server/certificate.js';
import { ReferenceServer } from '../../server/reference-server.js';
import { HUB_OPTIONS } from '../../suite/same-process.js';
import { builtInTransports, loadTransport } from '../../transports/index.js';
import type { Connection, Payload, Settings } from '../../transports/transport.js';
import { BrowserClients } from './browser-clients.js';
import { browserProblem, Chromium } from './chromium.js';

const problem = await browserProblem();

let identity: ServerIdentity;
let chromium: Chromium;

const BODY_BYTES = 64 * 1024 + 1;
const COUNT = 20;

interface Client {
  readonly server: ReferenceServer;
  readonly browser: BrowserClients;
  readonly clock: HostClock;
  readonly connection: Connection;
  readonly inbox: { sequence: number; bytes: number; id: number | null; atUs: number }[];
  readonly drops: Error[];
}

async function withClient(
  [name, settings, payload = 'text', secure = false]: readonly [string, Settings, Payload?, boolean?],
  act: (client: Client) => Promise<void>,
): Promise<void> {
  const { module = '' } = builtInTransports.find((transport) => transport.name === name) ?? {};
  const transport = await loadTransport(module);
  const pageHalf = await transport.page?.();
  if (!pageHalf) throw new Error(`${name} has no page half`);
  const defaults = Object.entries(transport.settings).map(([key, spec]) => [key, spec.default]);
  const ref = { module, settings: { ...Object.fromEntries(defaults), ...settings } };
  const tls = secure ? identity : null;
  const server = await ReferenceServer.open({
    ...HUB_OPTIONS,
    transports: [ref],
    payload,
    addresses: ['127.0.0.1'],
    tls,
  });
  const url = server.urls[0]?.[0] ?? '';
  const clock = new HostClock(process.hrtime.bigint());
  const browser = await BrowserClients.open({
    chromium,
    pageHalf,
    urls: new Map([[7, url]]),
    clock,
  });
  const inbox: Client['inbox'] = [];
  const drops: Error[] = [];
  try {
    const connection = await browser.clientHalf.connect({
      urls: [url],
      clientId: 7,
      channels: ['news'],
      since: null,
      settings: ref.settings,
      tls: null,
      payload,
      phase: 0.5,
      publishes: false,
      signal: AbortSignal.timeout(20_000),
      onMessage(body, id) {
        const sequence = hasEnvelope(body) ? readSequence(body) : -1;
        inbox.push({ sequence, bytes: body.length, id, atUs: browser.clock.nowUs() });
      },
      onDrop: (error) => drops.push(error),
      onGap: () => {},
      onSendFailed: () => {},
    });
    await act({ server, browser, clock, connection, inbox, drops });
    await connection.close();
  } finally {
    await browser.close();
    await server.close();
  }
}

async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe.skipIf(problem !== undefined)(`a client in a browser${problem ? ` (${problem})` : ''}`, () => {
  beforeAll(async () => {
    identity = await makeCertificate(['127.0.0.1']);
    chromium = await Chromium.launch({ certificate: identity.certificate });
  });
  afterAll(() => chromium.close());

  test.each([
    ['short-polling', { intervalMs: 50, format: 'binary' }, 'binary'],
    ['long-polling', {}],
    ['sse', {}, 'binary'],
    ['sse', { http: '2' }, 'text', true],
    ['websocket', {}],
    ['websocket', { ids: true }, 'binary'],
  ] as const)('%s %j %s gets every message once, in order, at a time between publish and report', async (...row) => {
    await withClient(row, async ({ server, browser, clock, inbox, drops }) => {
      const publishedUs: number[] = [];
      for (let sequence = 0; sequence < COUNT; sequence++) {
        const body = Buffer.alloc(sequence === 0 ? BODY_BYTES : 200, 'x');
        writeEnvelope(body, { publisher: 0, sequence, dueUs: 0, lagUs: 0 });
        publishedUs.push(clock.nowUs());
        server.hub.publish('news', body);
        await until(() => inbox.length === sequence + 1);
      }
      const reportedUs = clock.nowUs();
      const facts = await browser.checkClocks();
      expect(inbox.map(({ sequence, bytes }) => [sequence, bytes])).toEqual(
        Array.from({ length: COUNT }, (_, sequence) => [sequence, sequence === 0 ? BODY_BYTES : 200]),
      );
      const [first] = inbox;
      if (first?.id !== null) expect(inbox.map(({ id }) => id)).toEqual(inbox.map((_, at) => (first?.id ?? 0) + at));
      for (const [sequence, { atUs }] of inbox.entries()) {
        expect(atUs).toBeGreaterThan((publishedUs[sequence] ?? 0) - facts.clock.errorUs);
        expect(atUs).toBeLessThan((publishedUs[sequence + 1] ?? reportedUs) + facts.clock.errorUs);
      }
      expect(facts.clock).toMatchObject({ source: 'performance.now', isolated: true });
      expect(facts.clock.resolutionUs).toBeLessThan(100);
      expect(drops).toEqual([]);
    });
  });

  test('is told once when the server ends', () =>
    withClient(['sse', {}], async ({ server, drops, connection }) => {
      await server.close();
      await until(() => drops.length > 0);
      await connection.close();
      expect(drops).toHaveLength(1);
    }));

  test('cannot publish, and says so', () =>
    withClient(['websocket', {}], async ({ connection }) => {
      expect(() => connection.send('news', Buffer.from('x'))).toThrow(/does not publish/);
    }));
});
