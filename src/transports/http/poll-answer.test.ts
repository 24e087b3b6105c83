import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerFormat } from './poll-answer.js';

const message = (id: number, body: Buffer) => ({ id, channel: 'a', body });
const ids = fc.integer({ min: 0, max: 2 ** 48 - 1 });

/** Encodes an answer and reads it back. */
function roundTrip(format: ReturnType<typeof answerFormat>, bodies: readonly Buffer[], last: number, more: boolean) {
  return format.decode(
    format.join(
      { last, more },
      bodies.map((body, index) => format.encodeMessage(message(index + 1, body))),
    ),
  );
}

describe('json', () => {
  const format = answerFormat('json', 'text');

  test("looks as in the guide's example", () => {
    const encoded = format.encodeMessage(message(101, Buffer.from('Hi')));
    expect(format.join({ last: 101, more: false }, [encoded]).toString()).toBe(
      '{"last":101,"more":false,"messages":[{"id":101,"text":"Hi"}]}',
    );
    expect(format.join({ last: 100, more: true }, []).toString()).toBe('{"last":100,"more":true,"messages":[]}');
  });

  test('carries any text: quotes, controls, line separators, emoji', () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 });
    const odd = fc.constantFrom('"\\', '\u0000\u001f\u007f', '\u2028\u2029', '🦊\ufeff', '</script>', '\ufeff', '');
    fc.assert(
      fc.property(fc.array(fc.oneof(text, odd), { maxLength: 5 }), ids, fc.boolean(), (texts, last, more) => {
        const bodies = texts.map((text) => Buffer.from(text));
        const answer = roundTrip(format, bodies, last, more);
        expect(answer.last).toBe(last);
        expect(answer.more).toBe(more);
        expect(answer.messages.map(({ body }) => body)).toEqual(bodies);
        expect(answer.messages.map(({ id }) => id)).toEqual(bodies.map((_, index) => index + 1));
      }),
    );
  });

  test('carries a binary payload as base64', () => {
    const binary = answerFormat('json', 'binary');
    expect(binary.encodeMessage(message(7, Buffer.from([0xff, 0x00]))).toString()).toBe('{"id":7,"data":"/wA="}');
    expect(roundTrip(binary, [Buffer.from([0xff, 0x00])], 1, false).messages).toEqual([
      { id: 1, body: Buffer.from([0xff, 0x00]) },
    ]);
  });

  test.each([
    ['not JSON', '<html>'],
    ['null', 'null'],
    ['no messages', '{"last":1,"more":false}'],
    ['a cursor of text', '{"last":"1","more":false,"messages":[]}'],
    ['a message without an id', '{"last":1,"more":false,"messages":[{"text":"x"}]}'],
    ['a message of the other payload', '{"last":1,"more":false,"messages":[{"id":1,"data":"x"}]}'],
  ])('refuses %s', (_what, text) => {
    expect(() => format.decode(Buffer.from(text))).toThrow();
  });
});

describe('binary', () => {
  const format = answerFormat('binary', 'binary');

  test('carries any bytes', () => {
    const bodies = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 });
    fc.assert(
      fc.property(bodies, ids, fc.boolean(), (arrays, last, more) => {
        const sent = arrays.map((array) => Buffer.from(array));
        const answer = roundTrip(format, sent, last, more);
        expect({ last: answer.last, more: answer.more }).toEqual({ last, more });
        expect(answer.messages.map(({ body }) => body)).toEqual(sent);
      }),
    );
  });

  test('costs 7 bytes an answer and 10 a message', () => {
    const encoded = format.encodeMessage(message(2 ** 48 - 1, Buffer.alloc(100)));
    expect(format.join({ last: 2 ** 48 - 1, more: false }, [encoded, encoded])).toHaveLength(7 + 2 * 110);
  });

  test('refuses an answer that is cut short anywhere', () => {
    const encoded = format.encodeMessage(message(1, Buffer.from('abc')));
    const whole = format.join({ last: 1, more: false }, [encoded]);
    const cuts = Array.from({ length: whole.length }, (_, length) => length).filter((length) => length !== 7);
    for (const length of cuts) expect(() => format.decode(whole.subarray(0, length)), `${length} bytes`).toThrow();
  });
});
