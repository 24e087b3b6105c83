import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ENVELOPE_BYTES, hasEnvelope, overwriteLag, readEnvelope, writeEnvelope } from './envelope.js';

const envelopes = fc.record({
  publisher: fc.integer({ min: 0, max: 999_999 }),
  sequence: fc.integer({ min: 0, max: 9_999_999_999 }),
  dueUs: fc.integer({ min: 0, max: 9_999_999_999_999 }),
  lagUs: fc.integer({ min: 0, max: 999_999_999 }),
});

describe('envelope', () => {
  test('is 48 bytes of ASCII', () => {
    const body = new Uint8Array(ENVELOPE_BYTES);
    writeEnvelope(body, { publisher: 12, sequence: 345, dueUs: 6_789, lagUs: 10 });
    expect(new TextDecoder().decode(body)).toBe('e1 p000012 s0000000345 d0000000006789 l000000010');
  });

  test('is read as it was written', () => {
    fc.assert(
      fc.property(envelopes, (envelope) => {
        const body = new Uint8Array(ENVELOPE_BYTES + 5);
        writeEnvelope(body, envelope);
        expect(hasEnvelope(body)).toBe(true);
        expect(readEnvelope(body)).toEqual(envelope);
      }),
    );
  });

  test('has its lag overwritten wherever it begins, and nothing else', () => {
    fc.assert(
      fc.property(envelopes, fc.nat({ max: 999_999_999 }), fc.nat({ max: 20 }), (envelope, lagUs, at) => {
        const bytes = new Uint8Array(at + ENVELOPE_BYTES + 5).fill(1);
        writeEnvelope(bytes.subarray(at), envelope);
        const expected = bytes.slice();
        writeEnvelope(expected.subarray(at), { ...envelope, lagUs });
        overwriteLag(bytes, at, lagUs);
        expect(bytes).toEqual(expected);
      }),
    );
  });

  test('drops fractions and caps what is too long for its field', () => {
    const body = new Uint8Array(ENVELOPE_BYTES);
    writeEnvelope(body, { publisher: 1e9, sequence: 3.9, dueUs: -5, lagUs: 1e12 });
    expect(readEnvelope(body)).toEqual({ publisher: 999_999, sequence: 3, dueUs: 0, lagUs: 999_999_999 });
  });

  test('a shorter or other body has none', () => {
    expect(hasEnvelope(new Uint8Array(ENVELOPE_BYTES - 1).fill(101))).toBe(false);
    expect(hasEnvelope(new TextEncoder().encode('x'.repeat(100)))).toBe(false);
  });
});
