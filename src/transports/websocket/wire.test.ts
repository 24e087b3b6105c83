import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeWithId, encodeWithId, gapReason, oldestIdOf } from './wire.js';

test('an id and a body come out of a frame as they went in', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.uint8Array({ maxLength: 300 }), (id, bytes) => {
      const decoded = decodeWithId(encodeWithId(id, Buffer.from(bytes)));
      expect(decoded).toEqual({ id, body: Buffer.from(bytes) });
    }),
  );
});

test('a frame with an id is digits, a space, the body', () => {
  expect(encodeWithId(1207, Buffer.from(' 5 é\n')).toString()).toBe('1207  5 é\n');
});

test.each(['', ' body', 'body', '12', 'x1 body', '-1', '99999999999999999 body'])('no id in %j', (text) => {
  expect(decodeWithId(Buffer.from(text))).toBeNull();
});

test('the reason of a gap', () => {
  expect(oldestIdOf(gapReason(20))).toBe(20);
  expect(oldestIdOf('')).toBeNull();
  expect(oldestIdOf('oldest=')).toBeNull();
});
