import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Message } from '../transport.js';
import { decodePage } from './decode-page.js';
import { answerFormat } from './poll-answer.js';

const bodies = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary-ascii' })), {
  maxLength: 5,
});

test.each(['json', 'binary'] as const)('an answer in %s of the server reads as what was put in', (name) => {
  const format = answerFormat(name, 'text');
  fc.assert(
    fc.property(bodies, fc.boolean(), (texts, more) => {
      const messages = texts.map((text, index): Message => ({ id: index + 1, channel: 'a', body: Buffer.from(text) }));
      const answer = format.join({ last: 7, more }, messages.map(format.encodeMessage));
      const page = decodePage(answer, format.contentType);
      expect(page?.messages).toBe(texts.length);
      expect(page?.parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(answer.length);
      const payload = page?.parts.filter(({ kind }) => kind === 'payload') ?? [];
      const payloadBytes = payload.reduce((sum, { bytes, escapeBytes = 0 }) => sum + bytes - escapeBytes, 0);
      expect(payloadBytes).toBe(texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0));
    }),
  );
});

test.each([
  ['{"last":1,"more":false,"messages":[{"id":1,"text":"a"}]} ', 'application/json'],
  ['{"last":1,"more":false,"messages":[{"id":1,"text":"a', 'application/json'],
  ['{"last":1,"more":false,"messages":[{"id":1,"text":"\\x"}]}', 'application/json'],
  ['{"hello":1}', 'application/json; charset=utf-8'],
  ['\0\0\0\0\0\0\0\0\0', 'application/octet-stream'],
  ['hello', 'text/plain'],
])('%j is no answer to a poll', (text, contentType) => {
  expect(decodePage(Buffer.from(text), contentType)).toBeNull();
});
