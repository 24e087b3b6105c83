import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ENVELOPE_BYTES, readEnvelope } from '../protocol/envelope.js';
import { BodyMaker } from './body.js';
import { deflateRatio } from './compressibility.js';

const envelopes = fc.record({
  publisher: fc.integer({ min: 0, max: 999_999 }),
  sequence: fc.integer({ min: 0, max: 9_999_999_999 }),
  dueUs: fc.integer({ min: 0, max: 9_999_999_999_999 }),
  lagUs: fc.integer({ min: 0, max: 999_999_999 }),
});

describe('bodies', () => {
  test('have their size, are a function of seed and sequence, and are text that JSON leaves readable', () => {
    fc.assert(
      fc.property(fc.integer({ min: ENVELOPE_BYTES, max: 2_000 }), envelopes, (sizeBytes, envelope) => {
        const body = new BodyMaker(1, sizeBytes, 'text').make(envelope);
        expect(body.length).toBe(sizeBytes);
        expect(readEnvelope(body)).toEqual(envelope);
        for (const byte of body) expect(byte >= 32 && byte < 127).toBe(true);
        expect(new BodyMaker(1, sizeBytes, 'text').make(envelope)).toEqual(body);
      }),
      { numRuns: 10 },
    );
  });

  test('of a seed differ from message to message', () => {
    const bodies = new BodyMaker(1, 200, 'text');
    const texts = Array.from({ length: 500 }, (_, sequence) =>
      new TextDecoder().decode(bodies.make({ publisher: 0, sequence, dueUs: 0, lagUs: 0 }).subarray(ENVELOPE_BYTES)),
    );
    expect(new Set(texts).size).toBe(500);
  });

  test('text deflates as chat does, random bytes do not', () => {
    const text = deflateRatio(1, { sizeBytes: 200, payload: 'text' });
    expect(text).toBeGreaterThan(0.5);
    expect(text).toBeLessThan(0.95);
    expect(deflateRatio(1, { sizeBytes: 1_000, payload: 'binary' })).toBeGreaterThan(0.9);
  });
});
