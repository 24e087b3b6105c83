import { once } from 'node:events';
import { connect, constants, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { FEW_RUNS, fuzzInspector } from '../../testing/fuzz-inspector.js';
import { expectCovered, titlesOf, wrongsOf } from '../../testing/inspected.js';
import { openTap } from '../../testing/recorded.js';
import type { Streams, Unit } from '../inspection.js';
import { decodeHttp2 } from './decode-http2.js';
import { PREFACE } from './decode-http2-frames.js';
import { inspector } from './poll-inspect.js';

const BIG = 'x'.repeat(40_000);

/** Requests of node:http2 to a server of it, with trailers, large fields and bodies, pings, padding and a farewell. */
async function recorded(paddingStrategy = 0): Promise<Streams> {
  const server = createServer({ paddingStrategy });
  server.on('stream', (stream, headers) => {
    stream.respond({ ':status': 200, 'x-large': BIG.slice(0, 20_000) }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-end': 'over' }));
    stream.on('data', () => {});
    stream.end(String(headers[':path']) + BIG);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  await using tap = await openTap((server.address() as AddressInfo).port);
  const client = connect(`http://127.0.0.1:${tap.port}`, { paddingStrategy });
  try {
    for (const path of ['/first', '/second']) {
      const stream = client.request({ ':path': path, ':method': 'POST', cookie: 'a=b', 'x-same': 'again' });
      stream.resume().end(BIG);
      await once(stream, 'close');
    }
    await new Promise((resolve) => client.ping(Buffer.from('12345678'), resolve));
    const gone = once(client, 'close');
    client.close();
    await gone;
    return tap.streams()[0] as Streams;
  } finally {
    server.close();
  }
}

function read(streams: Streams) {
  const units = inspector.decode(streams, {});
  expectCovered(streams, units);
  return units;
}

test('what node:http2 says is read to the byte, and its fields as they were given', async () => {
  const streams = await recorded();
  const units = read(streams);
  expect(wrongsOf(units)).toEqual([]);
  const up = titlesOf(units, 'up');
  expect(up.slice(0, 2)).toEqual(['connection preface', 'SETTINGS']);
  const kinds = new Set(units.map(({ title }) => title.split(' ')[0]));
  for (const kind of ['HEADERS', 'DATA', 'SETTINGS', 'WINDOW_UPDATE', 'PING', 'CONTINUATION', 'GOAWAY']) {
    expect(kinds, kind).toContain(kind);
  }
  const { exchanges } = decodeHttp2(streams);
  expect(exchanges.map(({ request, response }) => [request?.method, request?.target, response?.status])).toEqual([
    ['POST', '/first', 200],
    ['POST', '/second', 200],
  ]);
  const [first, second] = exchanges;
  expect(String(second?.response?.body)).toBe(`/second${BIG}`);
  expect(first?.request?.fields.get('cookie')).toBe('a=b');
  expect(first?.response?.fields.get('x-large')).toHaveLength(20_000);
  expect(second?.response?.fields.get('x-end')).toBe('over');
  expect(second?.request?.complete && second.response?.complete).toBe(true);
});

test('padding is told from content', async () => {
  const streams = await recorded(1);
  const units = read(streams);
  expect(wrongsOf(units)).toEqual([]);
  expect(units.some(({ parts }) => parts.some(({ name }) => name === 'padding length'))).toBe(true);
  const { exchanges } = decodeHttp2(streams);
  expect(String(exchanges[0]?.response?.body)).toBe(`/first${BIG}`);
});

test('what node:http2 pushes, takes back and says in farewell is told by name', async () => {
  const server = createServer();
  server.on('stream', (stream) => {
    stream.pushStream({ ':path': '/unasked' }, (_error, pushed) => {
      pushed.respond({ ':status': 200 });
      pushed.end('here');
    });
    stream.respond({ ':status': 200 });
    stream.write('begun');
    stream.on('error', () => {});
    const { session } = stream;
    stream.on('close', () => session?.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM, 0, Buffer.from('bye')));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  await using tap = await openTap((server.address() as AddressInfo).port);
  const client = connect(`http://127.0.0.1:${tap.port}`);
  try {
    client.on('error', () => {});
    client.on('stream', (pushed) => pushed.resume());
    const gone = once(client, 'goaway');
    const stream = client.request({ ':path': '/asked' });
    stream.on('error', () => {});
    await once(stream, 'data');
    stream.close(constants.NGHTTP2_CANCEL);
    await gone;
    const units = read(tap.streams()[0] as Streams);
    expect(wrongsOf(units)).toEqual([]);
    const said = units.map(({ title, says }) => `${title}: ${says}`);
    expect(said).toContainEqual(expect.stringMatching(/^PUSH_PROMISE stream 1: .*\/unasked/));
    expect(said).toContainEqual('RST_STREAM stream 1: CANCEL');
    expect(said).toContainEqual(expect.stringMatching(/^GOAWAY: ENHANCE_YOUR_CALM/));
  } finally {
    client.destroy();
    server.close();
  }
});

const frame = (type: number, flags: number, stream: number, payload: readonly number[]) =>
  Buffer.from([0, 0, payload.length, type, flags, 0, 0, 0, stream, ...payload]);

/** What is said of one frame after the preface. */
function noted(bytes: Buffer): Unit | undefined {
  return read({ up: Buffer.concat([PREFACE, bytes]), down: Buffer.alloc(0) })[1];
}

test.each([
  ['PING has another length', frame(6, 0, 0, [1])],
  ['WINDOW_UPDATE has another length', frame(8, 0, 0, [1])],
  ['SETTINGS has another length', frame(4, 0, 0, [1])],
  ['more padding than there is room for', frame(0, 8, 1, [9])],
  ['the frame was cut: 1 of 5 B came', Buffer.from([0, 0, 5, 0, 0, 0, 0, 0, 1, 7])],
  ['the head of a frame was cut', Buffer.from([0, 0, 5])],
  ['there is no header block to go on with', frame(9, 4, 1, [0x82])],
  ['the header block does not end', frame(1, 0, 1, [0x82])],
  ['the header block is not HPACK: a field is cut', frame(1, 4, 1, [0x82, 0x40, 5])],
  ['the header block is not HPACK: Indexed field OOB', frame(1, 4, 1, [0xfe])],
])('%s', (text, bytes) => {
  expect(noted(bytes)?.notes.map((note) => note.text)).toContain(text);
});

test.each([
  ['RST_STREAM stream 1', 'CANCEL', frame(3, 0, 1, [0, 0, 0, 8])],
  ['GOAWAY', 'ENHANCE_YOUR_CALM', frame(7, 0, 0, [0, 0, 0, 3, 0, 0, 0, 11, 0x62])],
  ['WINDOW_UPDATE', '+1000', frame(8, 0, 0, [0, 0, 3, 232])],
  ['SETTINGS', 'MAX_FRAME_SIZE=16384', frame(4, 0, 0, [0, 5, 0, 0, 64, 0])],
  ['SETTINGS ACK', '', frame(4, 1, 0, [])],
  ['PRIORITY stream 1', '', frame(2, 0, 1, [0, 0, 0, 0, 1])],
  ['type 0x20', '', frame(0x20, 0, 0, [1, 2, 3])],
])('%s', (title, says, bytes) => {
  expect(noted(bytes)).toMatchObject({ title, says, notes: [] });
});

test('a field of one byte can stand for thousands: how many are told apart is bounded', () => {
  const block = Buffer.alloc(16_000, 0x82);
  const head = (stream: number) => Buffer.from([0, block.length >> 8, block.length & 0xff, 1, 4, 0, 0, 0, stream]);
  const units = read({ up: Buffer.concat([PREFACE, head(1), block, head(3), block]), down: Buffer.alloc(0) });
  expect(units[2]?.notes.map((note) => note.text)).toEqual(['more than 20000 fields']);
});

test('whatever the bytes, nothing throws and each is accounted for', async () => {
  const small = Buffer.concat([
    PREFACE,
    frame(4, 0, 0, [0, 5, 0, 0, 64, 0]),
    frame(1, 0x24, 1, [0, 0, 0, 0, 1, 0x82, 0x86, 0x84, 0x41, 0x01, 0x61]),
    frame(0, 9, 1, [1, 104, 105, 0]),
    frame(8, 0, 0, [0, 0, 3, 232]),
  ]);
  const answer = Buffer.concat([frame(4, 1, 0, []), frame(1, 4, 1, [0x88]), frame(0, 1, 1, [104, 105])]);
  fuzzInspector({ inspector, settings: {}, seeds: [{ up: small, down: answer }], runs: FEW_RUNS });
});
