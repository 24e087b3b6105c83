import { expect, test } from 'vitest';
import { expectCovered, titlesOf, wrongsOf } from '../../testing/inspected.js';
import type { Streams } from '../inspection.js';
import { fillWhole } from './conversation.js';
import { decodeHttp1 } from './decode-http1.js';

const text = (lines: readonly string[], body = '') => Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);

function read(up: Buffer, down: Buffer) {
  const streams: Streams = { up, down };
  const { drafts, exchanges } = decodeHttp1(streams);
  const part = { kind: 'payload', name: 'body', value: '', meaning: '' } as const;
  for (const { request, response } of exchanges) for (const one of [request, response]) if (one) fillWhole(one, part);
  const units = drafts.map((draft) => draft.finish());
  expectCovered(streams, units);
  return { units, exchanges };
}

const GET = text(['GET /a HTTP/1.1', 'Host: a']);

test('a body ends by its length, by its chunks, or with the connection', () => {
  const { units, exchanges } = read(
    Buffer.concat([GET, GET, GET]),
    Buffer.concat([
      text(['HTTP/1.1 200 OK', 'Content-Length: 3'], 'abc'),
      text(['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'], '2;x=y\r\nde\r\n1\r\nf\r\n0\r\nX: y\r\n\r\n'),
      text(['HTTP/1.1 200 OK'], 'to the end'),
    ]),
  );
  expect(exchanges.map(({ response }) => String(response?.body))).toEqual(['abc', 'def', 'to the end']);
  expect(titlesOf(units, 'down')).toEqual(['200', '200', 'chunk', 'chunk', 'last chunk', '200']);
  expect(wrongsOf(units)).toEqual([]);
});

test('answers without a body: to HEAD, 204 and 304; and those before the answer', () => {
  const head = text(['HEAD /a HTTP/1.1', 'Host: a']);
  const { exchanges } = read(
    Buffer.concat([head, GET, GET, GET]),
    Buffer.concat([
      text(['HTTP/1.1 200 OK', 'Content-Length: 99']),
      text(['HTTP/1.1 204 No Content']),
      text(['HTTP/1.1 103 Early Hints']),
      text(['HTTP/1.1 200 OK', 'Content-Length: 2'], 'ok'),
      text(['HTTP/1.1 304 Not Modified', 'Content-Length: 9']),
    ]),
  );
  expect(exchanges.map(({ response }) => [response?.status, String(response?.body)])).toEqual([
    [200, ''],
    [204, ''],
    [200, 'ok'],
    [304, ''],
  ]);
});

test.each([
  ['no request line of HTTP/1.1', text(['GET /a HTTP/2.0 x', 'Host: a']), Buffer.alloc(0)],
  ['a head that does not end', Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n'), Buffer.alloc(0)],
  ['no status line of HTTP/1.1', GET, text(['HTTP/1.1 2000 OK'])],
  ['the body was cut: 2 of 5 B came', GET, text(['HTTP/1.1 200 OK', 'Content-Length: 5'], 'ab')],
  ['Content-Length is no length: -1', GET, text(['HTTP/1.1 200 OK', 'Content-Length: -1'], 'ab')],
  ['the chunk was cut: 2 of 255 B came', GET, text(['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'], 'ff\r\nab')],
  ['no size of a chunk', GET, text(['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'], 'zz\r\nab')],
  ['no line end after the chunk', GET, text(['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'], '1\r\nabc')],
])('%s', (why, up, down) => {
  expect(read(up, down).units.flatMap(({ notes }) => notes.map((note) => note.text))).toContain(why);
});

test('what a peer writes cannot steer a terminal', () => {
  const { units } = read(
    GET,
    text(['HTTP/1.1 200 \u001b[31mOK', 'X: \u001b]0;x\u0007\u009b', 'Content-Length: 1'], '\u001b'),
  );
  expect(JSON.stringify(units)).not.toMatch(/\\u001b|\\u0007|\u009b/);
});
