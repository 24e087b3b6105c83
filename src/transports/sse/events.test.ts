import { createParser, type EventSourceMessage } from 'eventsource-parser';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Payload } from '../transport.js';
import { encodeEvent, encodeGap, HEARTBEAT } from './events.js';

const encode = (body: string | Buffer, payload: Payload = 'text') =>
  encodeEvent({ id: 101, channel: 'a', body: Buffer.from(body) }, payload);

test.each([
  ['one line', 'Hi', 'id: 101\ndata: Hi\n\n'],
  ['nothing', '', 'id: 101\ndata: \n\n'],
  ['several lines', 'a\n\nb\n', 'id: 101\ndata: a\ndata: \ndata: b\ndata: \n\n'],
  ['a carriage return', 'a\rb', 'id: 101\nevent: base64\ndata: YQ1i\n\n'],
])('text, %s', (_what, body, event) => {
  expect(encode(body).toString()).toBe(event);
});

test('a binary payload is base64, whatever is in it', () => {
  expect(encode('Hi', 'binary').toString()).toBe('id: 101\nevent: base64\ndata: SGk=\n\n');
});

test('the other things a stream carries', () => {
  expect(encodeGap(21).toString()).toBe('event: gap\ndata: 21\n\n');
  expect(HEARTBEAT.toString()).toBe(':\n\n');
});

test('any body comes out of a parser of the format as it went in', () => {
  const text = fc.string({ unit: 'binary', maxLength: 100 }).map((string) => Buffer.from(string));
  const lines = fc
    .array(fc.constantFrom('\n', '\r', '\r\n', ': ', 'data: x', ' ', '🦊', 'id: 1'))
    .map((parts) => Buffer.from(parts.join('')));
  const payload = fc.constantFrom<Payload[]>('text', 'binary');
  fc.assert(
    fc.property(fc.oneof(text, lines), payload, (body, payload) => {
      const events: EventSourceMessage[] = [];
      createParser({ onEvent: (event) => events.push(event) }).feed(encode(body, payload).toString());
      expect(events).toHaveLength(1);
      const [{ id, event, data } = { id: '', data: '' }] = events;
      expect(id).toBe('101');
      expect(Buffer.from(data, event === 'base64' ? 'base64' : 'utf8')).toEqual(body);
    }),
  );
});
