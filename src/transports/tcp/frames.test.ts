import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame, FrameReader } from './frames.js';

const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
/** Fractions at which a stream is cut; two that are equal make an empty chunk. */
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });

function chunksOf(stream: Buffer, fractions: readonly number[]): Buffer[] {
  const at = fractions.map((fraction) => Math.floor(fraction * stream.length)).sort((a, b) => a - b);
  return [...at, stream.length].map((end, index) => stream.subarray(at[index - 1] ?? 0, end));
}

function readFrames(maxBytes: number, chunks: readonly Buffer[]): Buffer[] {
  const frames: Buffer[] = [];
  const reader = new FrameReader(maxBytes, (content) => frames.push(content));
  for (const chunk of chunks) reader.push(chunk);
  return frames;
}

describe('encodeFrame', () => {
  it('is the length, big-endian, and the parts in a row', () => {
    expect(encodeFrame(Buffer.from('ab'), Buffer.alloc(0), Buffer.from('c'))).toEqual(Buffer.from('\0\0\0\x03abc'));
    expect(encodeFrame(Buffer.alloc(258)).subarray(0, 4)).toEqual(Buffer.from([0, 0, 1, 2]));
  });

  it('of nothing is a length of zero', () => {
    expect(encodeFrame()).toEqual(Buffer.alloc(4));
  });
});

describe('FrameReader', () => {
  it('gives back every frame, however the stream was cut', () => {
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 10 }), cuts, (contents, fractions) => {
        const stream = Buffer.concat(contents.map((content) => encodeFrame(content)));
        expect(readFrames(40, chunksOf(stream, fractions))).toEqual(contents);
      }),
    );
  });

  it('takes a stream byte by byte', () => {
    const contents = [Buffer.from('one'), Buffer.alloc(0), Buffer.from('three')];
    const stream = Buffer.concat(contents.map((content) => encodeFrame(content)));
    expect(
      readFrames(
        5,
        [...stream].map((byte) => Buffer.from([byte])),
      ),
    ).toEqual(contents);
  });

  it('gives a frame as soon as its last byte is there, and nothing of the next', () => {
    const frames: string[] = [];
    const reader = new FrameReader(10, (content) => frames.push(content.toString()));
    const stream = Buffer.concat([encodeFrame(Buffer.from('one')), encodeFrame(Buffer.from('two'))]);
    reader.push(stream.subarray(0, 6));
    expect(frames).toEqual([]);
    reader.push(stream.subarray(6, 13));
    expect(frames).toEqual(['one']);
    reader.push(stream.subarray(13));
    expect(frames).toEqual(['one', 'two']);
  });

  it('hands out content that later chunks do not overwrite', () => {
    const frames = readFrames(10, [encodeFrame(Buffer.from('one')), encodeFrame(Buffer.from('two'))]);
    expect(frames.map(String)).toEqual(['one', 'two']);
  });

  it('takes a frame of exactly the bound and refuses one byte more by its length alone', () => {
    expect(readFrames(5, [encodeFrame(Buffer.from('12345'))])).toEqual([Buffer.from('12345')]);
    const header = encodeFrame(Buffer.from('123456')).subarray(0, 4);
    expect(() => readFrames(5, [header])).toThrow('frame of 6 bytes, more than the 5 allowed');
    expect(() => readFrames(5, [header.subarray(0, 2), header.subarray(2)])).toThrow('frame of 6 bytes');
    expect(() => readFrames(5, [Buffer.from([255, 255, 255, 255])])).toThrow('frame of 4294967295 bytes');
  });

  it('delivers the frames before one that is too long', () => {
    const frames: Buffer[] = [];
    const reader = new FrameReader(3, (content) => frames.push(content));
    const stream = Buffer.concat([encodeFrame(Buffer.from('abc')), encodeFrame(Buffer.from('abcd'))]);
    expect(() => reader.push(stream)).toThrow('frame of 4 bytes');
    expect(frames.map(String)).toEqual(['abc']);
  });
});
