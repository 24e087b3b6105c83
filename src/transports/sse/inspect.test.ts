import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { request } from 'undici';
import { expect, test } from 'vitest';
import { FEW_RUNS, fuzzInspector } from '../../testing/fuzz-inspector.js';
import { expectCovered, sumsOf, titlesOf, wrongsOf } from '../../testing/inspected.js';
import { openTap } from '../../testing/recorded.js';
import type { Part, Streams } from '../inspection.js';
import { decodeEvents } from './decode-events.js';
import { inspector } from './inspect.js';

const read = (text: string) => decodeEvents(Buffer.from(text));
const brief = (parts: readonly Part[]) => parts.map(({ bytes, kind, name, value }) => [bytes, kind, name, value]);

test('each field has its part, and data its name apart', () => {
  expect(brief(read('id: 3\nevent: user-joined\nretry: 5000\ndata: {"user": "Charlie"}\n\n'))).toEqual([
    [6, 'framing', 'field', 'id: 3'],
    [19, 'framing', 'field', 'event: user-joined'],
    [12, 'framing', 'field', 'retry: 5000'],
    [6, 'framing', 'field name', 'data: '],
    [19, 'payload', 'data', '{"user": "Charlie"}'],
    [1, 'framing', 'line end', ''],
    [1, 'framing', 'empty line', ''],
  ]);
});

test('the line end between two lines of data is one of the message', () => {
  const parts = read('data: a\ndata: bc\n\n');
  expect(parts.filter(({ kind }) => kind === 'payload').reduce((sum, { bytes }) => sum + bytes, 0)).toBe(
    'a\nbc'.length,
  );
});

test.each([
  ['a comment alone is a heartbeat, with the empty line', ': hello\n\n', ['heartbeats', 'heartbeats']],
  ['a comment within an event is framing', ': hi\ndata:x\n\n', ['framing', 'framing', 'payload', 'framing', 'framing']],
  ['lines may end in CR or CR LF', ':\r\n\r\n', ['heartbeats', 'heartbeats']],
  ['a field that nobody knows is ignored', 'colour: red\n\n', ['framing', 'framing']],
  ['a line that is cut is still told apart', 'data: x', ['framing', 'payload']],
  ['a byte order mark is ignored', '\uFEFF:\n\n', ['framing', 'heartbeats', 'heartbeats']],
])('%s', (_title, text, kinds) => {
  expect(read(text).map(({ kind }) => kind)).toEqual(kinds);
});

test('what is read as data is what eventsource-parser hears', () => {
  const field = fc.record({
    name: fc.constantFrom('data', 'event', 'id', 'retry', '', 'other'),
    value: fc.stringMatching(/^[ -~]{0,12}$/),
    end: fc.constantFrom('\n', '\r\n'),
  });
  const block = fc.array(field, { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(block, { maxLength: 4 }), (blocks) => {
      const text = blocks
        .map((fields) => `${fields.map(({ name, value, end }) => `${name}: ${value}${end}`).join('')}\n`)
        .join('');
      const heard: string[] = [];
      createParser({ onEvent: ({ data }) => heard.push(data) }).feed(text);
      const parts = read(text);
      expect(parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(Buffer.byteLength(text));
      const payload = parts.filter(({ kind }) => kind === 'payload').reduce((sum, { bytes }) => sum + bytes, 0);
      // A line end of two bytes stands for one.
      const wide = parts.filter(
        ({ name, kind, bytes }) => name === 'line end' && kind === 'payload' && bytes === 2,
      ).length;
      expect(payload - wide).toBe(heard.reduce((sum, data) => sum + Buffer.byteLength(data), 0));
    }),
  );
});

async function recordedStream(write: (say: (text: string) => void) => void): Promise<Streams> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    write((text) => response.write(text));
    response.end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    await using tap = await openTap((server.address() as AddressInfo).port);
    await (await request(`http://127.0.0.1:${tap.port}/events`, { reset: true })).body.text();
    const [streams] = tap.streams();
    return streams as Streams;
  } finally {
    server.close();
  }
}

test('a stream of node:http, asked for by undici: events in one chunk, in several, and cut by a chunk', async () => {
  const streams = await recordedStream((say) => {
    say('data: first\n\n');
    say(':\n\n');
    say('data: sec');
    say('ond\n\ndata: third\n\n');
  });
  const units = inspector.decode(streams, {});
  expectCovered(streams, units);
  expect(wrongsOf(units)).toEqual([]);
  expect(titlesOf(units, 'down')).toEqual([
    '200',
    'chunk: event',
    'chunk: comment',
    'chunk: event',
    'chunk: event',
    'last chunk',
  ]);
  expect(sumsOf(units, 'down').payload).toBe('firstsecondthird'.length);
  expect(sumsOf(units, 'down').heartbeats).toBe('3\r\n:\n\n\r\n'.length);
});

test('whatever the bytes, nothing throws and each is accounted for', async () => {
  const streams = await recordedStream((say) => say('id: 1\ndata: a\ndata: b\n\n:\n\n'));
  fuzzInspector({ inspector, settings: {}, seeds: [streams], runs: FEW_RUNS });
});
