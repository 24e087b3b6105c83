import { expect, test } from 'vitest';
import { encodeOnce } from './encode-once.js';
import type { Message } from './transport.js';

const message = (id: number): Message => ({ id, channel: 'a', body: Buffer.from(String(id)) });

test('a message is encoded once, however its readers take turns', () => {
  const encoded: number[] = [];
  const encode = encodeOnce(({ id }) => {
    encoded.push(id);
    return `#${id}`;
  });
  const [one, two] = [message(1), message(2)];
  expect([one, one, two, one, two, two].map(encode)).toEqual(['#1', '#1', '#2', '#1', '#2', '#2']);
  expect(encoded).toEqual([1, 2]);
});

test('messages are told apart by identity, not by id', () => {
  const encode = encodeOnce(({ channel }) => channel);
  expect(encode({ ...message(1), channel: 'a' })).toBe('a');
  expect(encode({ ...message(1), channel: 'b' })).toBe('b');
});

test('a result of undefined counts as a result', () => {
  let calls = 0;
  const encode = encodeOnce(() => {
    calls++;
  });
  const [one, two] = [message(1), message(2)];
  for (const each of [one, two, one]) encode(each);
  expect(calls).toBe(2);
});
