import { describe, expect, test } from 'vitest';
import { BYTE_PARTS } from '../../metrics/byte-ledger.js';
import type { Inspection } from '../../report/inspection/inspection.js';
import { inspectionOf } from '../../testing/inspection-of.js';
import { streamsOf } from '../../testing/recorded.js';
import { recordTechnique } from '../../testing/recorded-technique.js';
import type { Direction } from '../../transports/inspection.js';
import { Exchange } from '../exchange.js';
import { scriptOf } from './script.js';

async function inspected(spec: string, options: Parameters<typeof recordTechnique>[1] = {}) {
  const { row, inspector, recorded } = await recordTechnique(spec, options);
  const connections = recorded.connections.map((connection) => ({
    ...connection,
    units: inspector.decode(streamsOf(connection), row.settings),
  }));
  const { server } = recorded;
  if (!server) throw new Error('the reference server was not asked');
  return { row, connections, server, inspection: inspectionOf(connections, recorded) };
}

/** Long enough that a busy machine does not take one for missed. */
const HEARTBEAT_MS = 500;
const WAYS = ['up', 'down'] as const;
const total = (bodies: readonly Buffer[]) => bodies.reduce((sum, { length }) => sum + length, 0);

/** The server's ledger knows each byte of these. */
const COUNTED: readonly string[] = [
  'websocket',
  'websocket:ids=true',
  'sse',
  'sse:retryMs=2s',
  'short-polling',
  'short-polling:keepAlive=false',
  'short-polling:format=binary',
  'long-polling',
  'long-polling:format=binary',
];

describe.each(COUNTED)('%s', (spec) => {
  test.each([null, 1, 300, 70_000])(
    'each part of the bytes is what the ledger has of it; messages of %s B',
    async (sizeBytes) => {
      const { inspection, server } = await inspected(
        spec,
        sizeBytes === null ? { heartbeatMs: HEARTBEAT_MS } : { sizeBytes },
      );
      expect(server.uncounted).toEqual({ up: [], down: [] });
      for (const way of WAYS) {
        expect(inspection.sums[way], way).toEqual({ ...server.ledger[way], unread: 0 });
        const sum = BYTE_PARTS.reduce((bytes, part) => bytes + server.ledger[way][part], 0);
        expect(sum, way).toBe(inspection.count.recorded[way]);
        expect(inspection.sums[way].payload).toBe(total(scriptOf(sizeBytes)[way]));
      }
      expect(inspection.count.problems).toEqual([]);
    },
  );
});

/** A library frames these: the ledger knows the payload apart, and what the sockets moved. */
test.each([
  ['sse:http=2'],
  ['short-polling:http=2'],
  ['long-polling:http=2'],
  ['grpc'],
  ['grpc:mode=unary'],
  ['grpc', 'unary'],
  ['grpc', 'server'],
  ['grpc', 'client'],
  ['grpc', 'bidi'],
])(
  '%s %s: payload is what the ledger has of it, and the rest is what the sockets have',
  async (spec, pattern?: string) => {
    const { inspection, server } = await inspected(spec, pattern === undefined ? {} : { pattern });
    for (const way of WAYS) {
      const known = BYTE_PARTS.filter((part) => !server.uncounted[way].includes(part));
      expect(known, way).toContain('payload');
      expect(inspection.sums[way].payload, way).toBe(server.ledger[way].payload);
      expect(inspection.count.parts[way], way).toBe(server.bytes[way]);
      expect(inspection.sums[way].unread, way).toBe(0);
    }
  },
);

/** Of the units in which the payload of a direction is; in HTTP/1.1 a body and its head are one. */
function bytesAround(payload: string, direction: Direction, { events }: Inspection): number {
  const hex = Buffer.from(payload).toString('hex');
  const own = events.filter((event) => event.direction === direction && unmasked(event).includes(hex));
  return own.reduce((sum, { bytes }) => sum + bytes, 0);
}

function unmasked({ parts }: Inspection['events'][number]): string {
  const key = Buffer.from(parts.find(({ name }) => name === 'masking key')?.hex ?? '00', 'hex');
  return parts
    .map(({ hex, kind }) => {
      const bytes = Buffer.from(hex, 'hex');
      return kind === 'payload' ? bytes.map((byte, index) => byte ^ (key[index % key.length] ?? 0)) : bytes;
    })
    .map((bytes) => Buffer.from(bytes).toString('hex'))
    .join('');
}

test.each([
  'websocket',
  'websocket:ids=true',
  'sse',
  'short-polling:format=binary',
  'long-polling:format=binary',
  'grpc',
])('%s: a message is as long as one that crosses alone, in lock-step', async (spec) => {
  const { row, inspection } = await inspected(spec);
  const exchange = await Exchange.open({ transport: row, payload: 'text', worstWaitMs: row.worstWaitMs });
  try {
    const { up, down } = scriptOf(null);
    for (const body of down) {
      expect(bytesAround(String(body), 'down', inspection), String(body)).toBe((await exchange.message(body)).down);
    }
    for (const body of up) {
      expect(bytesAround(String(body), 'up', inspection), String(body)).toBe((await exchange.publish(body)).up);
    }
  } finally {
    await exchange.close();
  }
});

test('a part that is put down for something else is a problem, and so is a byte more or less', async () => {
  const { connections, server } = await inspected('websocket');
  expect(inspectionOf(connections, { server }).count.problems).toEqual([]);
  const recast = connections.map(({ units, ...connection }) => ({
    ...connection,
    units: units.map((unit) => ({
      ...unit,
      parts: unit.parts.map((part) => (part.name === 'masking key' ? { ...part, kind: 'headers' as const } : part)),
    })),
  }));
  // Each message has a key, and it is framing.
  expect(inspectionOf(recast, { server }).count.problems).toEqual(
    expect.arrayContaining([expect.stringMatching(/^up: headers make \d+ B, in the ledger \d+ B$/)]),
  );
  const shorter = connections.map(({ chunks, ...connection }) => ({ ...connection, chunks: chunks.slice(0, -1) }));
  const problems = inspectionOf(shorter, { server }).count.problems.join('\n');
  expect(problems).toMatch(/down: the parts make \d+ B, the record \d+ B/);
  expect(problems).toMatch(/down: the record make \d+ B, the server's sockets \d+ B/);
});
