import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameReader } from '../transports/tcp/frames.js';
import { decodePublish, encodePublish } from './ingress.js';

/** Any name the wire can carry: up to 255 characters of one byte. */
const channel = fc
  .array(fc.integer({ min: 0, max: 255 }), { maxLength: 255 })
  .map((codes) => String.fromCharCode(...codes));
const body = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));

function contentOf(frame: Buffer): Buffer {
  let content: Buffer | undefined;
  new FrameReader(1_000, (found) => {
    content = found;
  }).push(frame);
  if (!content) throw new Error('not a whole frame');
  return content;
}

describe('a publish', () => {
  it('decodes to what was encoded, for every channel and body', () => {
    fc.assert(
      fc.property(channel, body, (name, bytes) => {
        expect(decodePublish(contentOf(encodePublish(name, bytes)))).toEqual({ channel: name, body: bytes });
      }),
    );
  });

  it('has this layout', () => {
    expect(encodePublish('c1', Buffer.from('body'))).toEqual(Buffer.from('\0\0\0\x07\x02c1body'));
  });

  it('refuses a channel whose length does not fit into its byte', () => {
    expect(() => encodePublish('c'.repeat(256), Buffer.alloc(0))).toThrow(
      'a channel name of 256 bytes, more than the 255 that a publish can carry',
    );
  });

  it('refuses a frame that ends within the name, or has none', () => {
    expect(() => decodePublish(Buffer.from([5, 97, 98]))).toThrow('a publish of 3 bytes ends within its channel name');
    expect(() => decodePublish(Buffer.alloc(0))).toThrow('a publish of 0 bytes ends within its channel name');
  });
});
