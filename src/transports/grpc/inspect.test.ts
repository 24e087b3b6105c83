import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { record } from '../../suite/inspect/record.js';
import { scriptOf } from '../../suite/inspect/script.js';
import { FEW_RUNS, fuzzInspector } from '../../testing/fuzz-inspector.js';
import { expectCovered, sumsOf, titlesOf, wrongsOf } from '../../testing/inspected.js';
import { builtInTransports } from '../index.js';
import type { Part, Streams } from '../inspection.js';
import { decodeMessages } from './decode-messages.js';
import { decodeProtobuf } from './decode-protobuf.js';
import grpc from './index.js';
import { inspector } from './inspect.js';
import { ChatProto } from './proto-fields.js';
import { chatMessage, room } from './wire.js';

const proto = new ChatProto();
const script = scriptOf(null);

const bytesIn = (parts: readonly Part[], kind: string) =>
  parts.reduce((sum, part) => sum + (part.kind === kind ? part.bytes : 0), 0);

const message = fc.record(
  {
    text: fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    id: fc.nat().map((id) => id + 1),
    channel: fc.string({ minLength: 1 }),
  },
  { requiredKeys: [] },
);

test('what protobufjs encodes is read field by field, and its body as payload', () => {
  fc.assert(
    fc.property(message, (fields) => {
      const encoded = chatMessage.encode(fields);
      const { parts, wrong } = decodeProtobuf(encoded, 'ChatMessage', proto);
      expect(wrong).toBeUndefined();
      expect(parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(encoded.length);
      expect(bytesIn(parts, 'payload')).toBe(fields.text?.length ?? 0);
      const id = parts.find(({ name }) => name === 'id');
      expect(id?.value).toBe(fields.id === undefined ? undefined : String(fields.id));
    }),
  );
});

test('messages within a message are read too', () => {
  const encoded = room.encode({
    messages: [{ text: Buffer.from('a') }, { text: Buffer.from('bc') }],
    last: 300,
    more: true,
  });
  const { parts } = decodeProtobuf(encoded, 'Room', proto);
  expect(parts.map(({ name, value }) => [name, value])).toEqual([
    ['messages, head', '3 B'],
    ['text, head', '1 B'],
    ['text', 'a'],
    ['messages, head', '4 B'],
    ['text, head', '2 B'],
    ['text', 'bc'],
    ['last', '300'],
    ['more', 'true'],
  ]);
});

test.each([
  ['a length beyond the message', [0x12, 5, 1]],
  ['a field without a number', [0x02, 0]],
  ['a group', [0x0b]],
  ['a varint without an end', [0x08, 0x80]],
  ['a length of more than 32 bits, which is not cut to a short one', [0x12, 0x81, 0x80, 0x80, 0x80, 0x10, 1]],
])('%s is said to be none', (_title, bytes) => {
  const { parts, wrong } = decodeProtobuf(Buffer.from(bytes), 'ChatMessage', proto);
  expect(wrong).toContain('no protocol buffer from byte 0 on');
  expect(parts.map((part) => part.kind)).toEqual(['unread']);
});

test('a message has a flag and a length before it', () => {
  const encoded = chatMessage.encode({ text: Buffer.from('hi') });
  const prefix = Buffer.from([0, 0, 0, 0, encoded.length]);
  const { parts } = decodeMessages(Buffer.concat([prefix, encoded, prefix]), 'ChatMessage', proto);
  expect(parts.map(({ name, bytes }) => [name, bytes])).toEqual([
    ['compressed', 1],
    ['message length', 4],
    ['text, head', 2],
    ['text', 2],
    ['message', 5],
  ]);
});

function recorded(pattern: string | null): Promise<Streams> {
  const module = builtInTransports.find(({ name }) => name === 'grpc')?.module ?? '';
  const settings = Object.fromEntries(Object.entries(grpc.settings).map(([key, spec]) => [key, spec.default]));
  const transport = { transport: 'grpc', label: 'gRPC', module, settings } as const;
  const run = pattern === null ? null : (inspector.patterns?.[pattern] ?? null);
  const { signal } = new AbortController();
  return record({ transport, worstWaitMs: 0, pattern: run, script, url: null, signal }).then(({ connections }) => {
    expect(connections).toHaveLength(1);
    const chunks = connections[0]?.chunks ?? [];
    const bytes = (way: string) =>
      Buffer.concat(chunks.filter(({ direction }) => direction === way).map((one) => one.bytes));
    return { up: bytes('up'), down: bytes('down') };
  });
}

const total = (bodies: readonly Buffer[]) => bodies.reduce((sum, { length }) => sum + length, 0);

describe.each([
  { pattern: null, method: 'Chat', up: true, down: true, ends: /^HEADERS stream 1 END_STREAM$/ },
  { pattern: 'unary', method: 'GetRoom', up: false, down: true, ends: /^HEADERS stream 3 END_STREAM$/ },
  { pattern: 'server', method: 'StreamMessages', up: false, down: true, ends: /^DATA stream 1$/ },
  { pattern: 'client', method: 'SendBulkMessages', up: true, down: false, ends: /^HEADERS stream 1 END_STREAM$/ },
  { pattern: 'bidi', method: 'Chat', up: true, down: true, ends: /^HEADERS stream 1 END_STREAM$/ },
])('pattern $pattern', ({ pattern, method, up, down, ends }) => {
  test('its bytes are read to the last, and the bodies are payload', async () => {
    const streams = await recorded(pattern);
    const units = inspector.decode(streams, {});
    expectCovered(streams, units);
    expect(wrongsOf(units)).toEqual([]);
    expect(sumsOf(units, 'up').payload ?? 0).toBe(up ? total(script.up) : 0);
    expect(sumsOf(units, 'down').payload ?? 0).toBe(down ? total(script.down) : 0);
    expect(units.find(({ title }) => title.startsWith('HEADERS'))?.says).toContain(`${method}: POST /rtbench.v1.`);
    const last = titlesOf(units, 'down')
      .filter((title) => /^(?:DATA|HEADERS)/.test(title))
      .at(-1);
    expect(last).toMatch(ends);
    if (pattern === 'server') expect(titlesOf(units, 'up')).toContain('RST_STREAM stream 1');
  });
});

test('whatever the bytes, nothing throws and each is accounted for', async () => {
  const seeds = await Promise.all(['unary', 'bidi'].map(recorded));
  fuzzInspector({ inspector, settings: {}, seeds, runs: FEW_RUNS });
});
