import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { HostClock } from '../metrics/clock.js';
import type { StampRequest } from '../protocol/messages.js';
import { builtInTransports, loadTransport } from '../transports/index.js';
import type { Connection, Settings } from '../transports/transport.js';
import { makeCertificate, type ServerIdentity } from './certificate.js';
import { DeliveryStamps } from './delivery-stamps.js';
import { MessageHub } from './hub.js';
import { SERVER_LIMITS } from './limits.js';
import { ReferenceServer } from './reference-server.js';

const REQUEST: StampRequest = { readers: 2, firstSequence: 10, messages: 3, sequenceAt: 2, sequenceDigits: 4 };
const HISTORY = { messages: 100, bytes: 1_000_000 };

function bodyOf(sequence: number): Buffer {
  return Buffer.from(`s ${String(sequence).padStart(4, '0')} and more`);
}

/** A clock that is 1 µs later at each look. */
function countingClock() {
  let us = 0;
  return { nowUs: () => ++us };
}

describe('stamps of a hub', () => {
  function stampedHub() {
    const stamps = new DeliveryStamps(REQUEST, countingClock());
    stamps.readerOfPort.set(5_000, 0).set(5_001, 1);
    const hub = new MessageHub({ firstId: 1, history: HISTORY, limits: SERVER_LIMITS, stamps });
    const listener = (localPort?: number) => ({
      localPort,
      deliver: () => true,
      gap: () => {},
      tooSlow: () => {},
      waitingBytes: () => 0,
    });
    return { stamps, hub, listener };
  }

  it('are of the messages of the window, in the order of the fan-out', () => {
    const { stamps, hub, listener } = stampedHub();
    for (const port of [undefined, 5_001, 4_999, 5_000]) hub.subscribe(['a'], null, listener(port));
    for (const sequence of [9, 10, 11, 13]) hub.publish('a', bodyOf(sequence));
    hub.publish('a', Buffer.from('s 1'));
    expect(stamps.collect()).toEqual({
      takenUs: [1, 4, null],
      turnUs: [
        [3, 6, null],
        [2, 5, null],
      ],
    });
  });

  it('of a poll are of the first answer that has the message', () => {
    const { stamps, hub } = stampedHub();
    hub.publish('a', bodyOf(10));
    hub.read(['a'], 0);
    hub.read(['a'], 0, 4_999);
    hub.publish('a', bodyOf(12));
    hub.read(['b'], 0, 5_001);
    hub.read(['a'], 1, 5_001);
    hub.read(['a'], 0, 5_001);
    expect(stamps.collect()).toEqual({
      takenUs: [1, null, 2],
      turnUs: [
        [null, null, null],
        [4, null, 3],
      ],
    });
  });
});

/** Two clients by side doors and one by the front door; what came to each, and the stamps of the server. */
async function exchange(module: string, changes: Settings, tls: ServerIdentity | null) {
  const transport = await loadTransport(module);
  const defaults = Object.fromEntries(Object.entries(transport.settings).map(([key, spec]) => [key, spec.default]));
  const settings = { ...defaults, ...changes };
  const clock = new HostClock(process.hrtime.bigint());
  const server = await ReferenceServer.open({
    transports: [{ module, settings }],
    payload: 'text',
    limits: SERVER_LIMITS,
    firstId: 10_000_001,
    history: HISTORY,
    addresses: ['127.0.0.1'],
    tls,
    stamps: { request: REQUEST, clock },
  });
  const half = await transport.client();
  const arrivedUs: number[][] = [[], [], []];
  const connections: Connection[] = [];
  const outcome = new EventEmitter();
  const done = once(outcome, 'done');
  for (const [clientId, arrived] of arrivedUs.entries()) {
    connections.push(
      await half.connect({
        urls: server.sideDoors[clientId] ?? server.urls[0] ?? [],
        clientId,
        channels: ['a'],
        since: null,
        settings,
        payload: 'text',
        tls: tls && { ca: tls.certificate },
        phase: clientId / 3,
        publishes: false,
        signal: new AbortController().signal,
        onMessage: () => {
          arrived.push(clock.nowUs());
          if (arrivedUs.every(({ length }) => length === REQUEST.messages)) outcome.emit('done');
        },
        onDrop: (error) => outcome.emit('error', error),
        onGap: () => outcome.emit('error', new Error('gap')),
        onSendFailed: (error) => outcome.emit('error', error),
      }),
    );
  }
  for (const sequence of [10, 11, 12]) server.hub.publish('a', bodyOf(sequence));
  await done;
  await Promise.all(connections.map((connection) => connection.close()));
  await server.close();
  return { stamps: server.stamps?.collect(), arrivedUs };
}

describe('a delivery by a side door is stamped', () => {
  const variants: readonly (readonly [name: string, settings: Settings])[] = [
    ...builtInTransports.map(({ name }) => [name, name === 'short-polling' ? { intervalMs: 30 } : {}] as const),
    ['short-polling', { intervalMs: 30, keepAlive: false }],
    ['short-polling', { intervalMs: 30, http: '2' }],
    ['sse', { http: '2' }],
    ['grpc', { mode: 'unary', intervalMs: 30 }],
  ];

  it.each(variants)('%s %j, in the clear and over TLS', async (name, settings) => {
    const module = builtInTransports.find((transport) => transport.name === name)?.module ?? '';
    for (const tls of [null, await makeCertificate(['127.0.0.1'])]) {
      expectOrder(await exchange(module, settings, tls));
    }
  });
});

/** Taken, then the turn, then the callback. */
function expectOrder({ stamps, arrivedUs }: Awaited<ReturnType<typeof exchange>>): void {
  for (const [reader, arrived] of arrivedUs.slice(0, REQUEST.readers).entries()) {
    for (const [index, atUs] of arrived.entries()) {
      const takenUs = stamps?.takenUs[index] ?? Number.NaN;
      const turnUs = stamps?.turnUs[reader]?.[index] ?? Number.NaN;
      expect(turnUs).toBeGreaterThanOrEqual(takenUs);
      expect(Math.round(atUs)).toBeGreaterThanOrEqual(turnUs);
    }
  }
  expect(stamps?.turnUs).toHaveLength(REQUEST.readers);
}
