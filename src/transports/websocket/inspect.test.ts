import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { WebSocket as UndiciWebSocket } from 'undici';
import { expect, test } from 'vitest';
import * as ws from 'ws';
import { Tap } from '../../suite/inspect/tap.js';
import { FEW_RUNS, fuzzInspector } from '../../testing/fuzz-inspector.js';
import { expectCovered, sumsOf, titlesOf, wrongsOf } from '../../testing/inspected.js';
import type { Streams, Unit } from '../inspection.js';
import { closeCode } from './close-codes.js';
import { acceptOf, inspector } from './inspect.js';

/** What its types leave out. */
const { Sender, WebSocketServer } = ws as typeof ws & {
  readonly Sender: { frame(data: Buffer, options: object): Buffer[] };
};

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const REQUEST = [
  'GET /chat HTTP/1.1',
  'Host: server.example.com',
  'Upgrade: websocket',
  'Connection: Upgrade',
  `Sec-WebSocket-Key: ${KEY}`,
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Protocol: chat, superchat',
  'Origin: http://example.com',
];
const ANSWER = [
  'HTTP/1.1 101 Switching Protocols',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
  'Sec-WebSocket-Protocol: chat',
];

const head = (lines: readonly string[]) => Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);

interface FrameOptions {
  readonly opcode: number;
  readonly fin?: boolean;
  readonly rsv1?: boolean;
  readonly mask?: boolean;
}

/** A frame as the library `ws` writes it. */
function frame(data: Buffer, { opcode, fin = true, rsv1 = false, mask = false }: FrameOptions): Buffer {
  const buffers = Sender.frame(Buffer.from(data), { opcode, fin, rsv1, mask, readOnly: true, generateMask: undefined });
  return Buffer.concat(buffers);
}

/** After the guide's own handshake. */
function after(up: readonly Buffer[], down: readonly Buffer[] = [], answer = ANSWER): Streams {
  return { up: Buffer.concat([head(REQUEST), ...up]), down: Buffer.concat([head(answer), ...down]) };
}

function framesOf(streams: Streams): Unit[] {
  const units = inspector.decode(streams, {});
  expectCovered(streams, units);
  return units.filter(({ parts }) => parts[0]?.name.startsWith('FIN') === true);
}

const part = (unit: Unit | undefined, name: string) => unit?.parts.find((one) => one.name.startsWith(name));

test("the guide's key gives the guide's accept value", () => {
  expect(acceptOf(KEY)).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  const units = inspector.decode(after([]), {});
  expect(wrongsOf(units)).toEqual([]);
  expect(units[1]?.notes.map(({ state }) => state)).toEqual(['right', 'right']);
});

test('an accept value and a subprotocol that do not belong to the request are said to be wrong', () => {
  const answer = ANSWER.map((line) => line.replace('s3pP', 'x3pP').replace(': chat', ': news'));
  expect(wrongsOf(inspector.decode(after([], [], answer), {}))).toEqual([
    '101: Sec-WebSocket-Accept should be s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    '101: subprotocol news was not on offer',
  ]);
});

test.each([
  [0, 2],
  [125, 2],
  [126, 4],
  [65_535, 4],
  [65_536, 10],
  [100_000, 10],
])('a frame of %i B has a head of %i B, and 4 more where it is masked', (bytes, headBytes) => {
  const streams = after(
    [frame(Buffer.alloc(bytes, 'x'), { opcode: 1, mask: true })],
    [frame(Buffer.alloc(bytes, 'x'), { opcode: 2 })],
  );
  const [up, down] = framesOf(streams);
  expect(wrongsOf(framesOf(streams))).toEqual([]);
  const heads = [up, down].map((unit) =>
    unit?.parts.reduce((sum, one) => sum + (one.kind === 'framing' ? one.bytes : 0), 0),
  );
  expect(heads).toEqual([headBytes + 4, headBytes]);
  expect([part(up, 'payload')?.bytes ?? 0, part(down, 'payload')?.bytes ?? 0]).toEqual([bytes, bytes]);
  const length = headBytes === 2 ? part(down, 'MASK') : part(down, 'length');
  expect(length?.value).toBe(headBytes === 2 ? `MASK=0 length=${bytes}` : String(bytes));
});

test.each([
  [0x1, 'text'],
  [0x2, 'binary'],
  [0x8, 'close'],
  [0x9, 'ping'],
  [0xa, 'pong'],
])('opcode %i is a %s', (opcode, title) => {
  const [unit] = framesOf(after([frame(Buffer.alloc(0), { opcode, mask: true })]));
  expect(unit?.title).toBe(title);
});

test('a masked text reads as it was before the mask', () => {
  const [unit] = framesOf(after([frame(Buffer.from('Hellö ✓'), { opcode: 1, mask: true })]));
  expect(unit).toMatchObject({ title: 'text', says: 'Hellö ✓' });
  expect(unit?.parts.map(({ name, bytes }) => [name, bytes])).toEqual([
    ['FIN, RSV, opcode', 1],
    ['MASK, length', 1],
    ['masking key', 4],
    ['payload', 10],
  ]);
});

test('fragments belong together, and control frames may come between', () => {
  const streams = after([
    frame(Buffer.from('Hel'), { opcode: 1, fin: false, mask: true }),
    frame(Buffer.from('?'), { opcode: 9, mask: true }),
    frame(Buffer.from('lo'), { opcode: 0, mask: true }),
  ]);
  const units = framesOf(streams);
  expect(titlesOf(units, 'up')).toEqual(['text, first of several', 'ping', 'continuation']);
  expect(wrongsOf(units)).toEqual([]);
});

test.each([1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 4410])(
  'close code %i has its meaning and may be sent',
  (code) => {
    const reason = Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from('bye')]);
    const [unit] = framesOf(after([], [frame(reason, { opcode: 8 })]));
    expect(unit).toMatchObject({ title: `close ${code}`, says: 'bye', notes: [] });
    expect(part(unit, 'code')).toMatchObject({ bytes: 2, kind: 'flowControl', meaning: closeCode(code).meaning });
  },
);

test.each([1004, 1005, 1006, 1015, 999, 2999])('close code %i must not be in a frame', (code) => {
  const [unit] = framesOf(after([], [frame(Buffer.from([code >> 8, code & 0xff]), { opcode: 8 })]));
  expect(unit?.notes).toEqual([{ state: 'wrong', text: `code ${code} must not be in a frame` }]);
});

test.each([
  ['a frame of a client must be masked', [frame(Buffer.from('x'), { opcode: 1 })], []],
  ['a frame of a server must not be masked', [], [frame(Buffer.from('x'), { opcode: 1, mask: true })]],
  [
    'RSV bits that no extension was agreed upon for',
    [frame(Buffer.from('x'), { opcode: 1, rsv1: true, mask: true })],
    [],
  ],
  ['nothing is there to go on with', [frame(Buffer.from('x'), { opcode: 0, mask: true })], []],
  ['a text that is no UTF-8', [frame(Buffer.from([0xc3]), { opcode: 1, mask: true })], []],
  ['an opcode that is reserved', [frame(Buffer.from('x'), { opcode: 3, mask: true })], []],
  ['a control frame must not be fragmented', [frame(Buffer.from('x'), { opcode: 9, fin: false, mask: true })], []],
  ['a control frame has 125 B at most', [frame(Buffer.alloc(126), { opcode: 9, mask: true })], []],
  ['the length has a shorter form, which must be taken', [], [Buffer.from([0x81, 126, 0, 1, 0x78])]],
  ['the head of a frame was cut', [], [Buffer.from([0x81, 126, 0])]],
  ['the frame was cut: 1 of 5 B came', [], [Buffer.from([0x81, 5, 0x78])]],
])('%s', (text, up, down) => {
  expect(inspector.decode(after(up, down), {}).flatMap(({ notes }) => notes.map((note) => note.text))).toContain(text);
});

test('a length that no number holds is told exactly', () => {
  const [unit] = framesOf(after([], [Buffer.from([0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 1, 7])]));
  expect(part(unit, 'length')?.value).toBe('9223372036854775809');
  expect(wrongsOf([unit as Unit])).toContain('binary: the first bit of a length of 64 bits must be 0');
});

test('a frame of any kind and length decodes to what ws was given', () => {
  const cases = fc.record({
    data: fc.integer({ min: 0, max: 70_000 }).map((bytes) => Buffer.alloc(bytes, 'abc')),
    mask: fc.boolean(),
  });
  fc.assert(
    fc.property(cases, ({ data, mask }) => {
      const bytes = frame(data, { opcode: 2, mask });
      const streams = mask ? after([bytes]) : after([], [bytes]);
      const units = framesOf(streams);
      expect(units).toHaveLength(1);
      expect(part(units[0], 'payload')?.bytes ?? 0).toBe(data.length);
      expect(wrongsOf(units)).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test("undici's client and ws's server are read to the byte, compressed and not", async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: { threshold: 0 } });
  await once(server, 'listening');
  const tap = await Tap.open({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    maxBytes: 1 << 20,
    maxConnections: 1,
  });
  try {
    const client = new UndiciWebSocket(`ws://127.0.0.1:${tap.port}/chat`, ['chat']);
    const [peer] = await Promise.all([once(server, 'connection'), once(client, 'open')]).then(([[socket]]) => [socket]);
    const said = 'the same again, and the same again';
    for (let i = 0; i < 2; i++) {
      const arrived = once(client, 'message');
      peer.send(said);
      await arrived;
    }
    const heard = once(peer, 'message');
    client.send('up');
    await heard;
    const closed = once(client, 'close');
    peer.close(1001, 'maintenance');
    await closed;
    const chunks = tap.connections[0]?.chunks ?? [];
    const bytes = (way: string) =>
      Buffer.concat(chunks.filter(({ direction }) => direction === way).map((one) => one.bytes));
    const streams = { up: bytes('up'), down: bytes('down') };
    const units = inspector.decode(streams, {});
    expectCovered(streams, units);
    expect(wrongsOf(units)).toEqual([]);
    expect(titlesOf(units, 'down')).toEqual(['101', 'text', 'text', 'close 1001']);
    expect(titlesOf(units, 'up')[0]).toBe('GET');
    expect(titlesOf(units, 'up')[1]).toBe('text');
    // The second refers to the first: it is shorter, and says the same.
    const [first, second] = units.filter(({ direction, title }) => direction === 'down' && title === 'text');
    expect([first?.says, second?.says]).toEqual([`${said} (deflated)`, `${said} (deflated)`]);
    expect(part(second, 'payload')?.bytes).toBeLessThan(part(first, 'payload')?.bytes ?? 0);
    expect(sumsOf(units, 'down').flowControl).toBe(2 + 2 + 'maintenance'.length);
  } finally {
    await tap.close();
    server.close();
  }
});

test('ids of the subprotocol are framing', () => {
  const answer = [...ANSWER.slice(0, -1), 'Sec-WebSocket-Protocol: rtbench.ids'];
  const [unit] = framesOf(after([], [frame(Buffer.from('10000001 hi'), { opcode: 1 })], answer));
  expect(unit?.parts.slice(2).map(({ name, bytes, kind }) => [name, bytes, kind])).toEqual([
    ['id', 9, 'framing'],
    ['payload', 2, 'payload'],
  ]);
});

test('whatever the bytes, nothing throws and each is accounted for', () => {
  const deflated = [...ANSWER, 'Sec-WebSocket-Extensions: permessage-deflate'];
  fuzzInspector({
    inspector,
    settings: {},
    seeds: [
      after([frame(randomBytes(40), { opcode: 2, mask: true })], [frame(Buffer.alloc(300, 'x'), { opcode: 1 })]),
      after(
        [],
        [frame(randomBytes(40), { opcode: 2, rsv1: true }), frame(Buffer.from([3, 232]), { opcode: 8 })],
        deflated,
      ),
    ],
    runs: FEW_RUNS,
  });
});
