import { fstatSync, ftruncateSync, readSync, writeSync } from 'node:fs';
import { decodePublish, encodePublish } from '../protocol/ingress.js';
import { FrameReader, LENGTH_BYTES } from '../transports/tcp/frames.js';
import { MAX_FRAME_BYTES } from './ingress.js';

const CHUNK_BYTES = 1_048_576;

/**
 * Messages in a file, as a server's database would have them: a message is in it before anybody gets it, and a server
 * that takes the place of one that was killed finds it there. It is as safe as the kernel's cache: it outlives the
 * process, not the machine. One process at a time writes.
 */
export class MessageLog {
  readonly #descriptor: number;
  #count = 0;
  #endBytes = 0;

  /** `descriptor`: of a file that is open for reading and writing; whoever opened it closes it. */
  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /** Messages in it, as far as was read and appended. */
  get count(): number {
    return this.#count;
  }

  /** Every message, oldest first. What a process left half-written when it was killed is cut off. */
  read(take: (channel: string, body: Buffer) => void): void {
    this.#count = 0;
    this.#endBytes = 0;
    const reader = new FrameReader(MAX_FRAME_BYTES, (content) => {
      const { channel, body } = decodePublish(content);
      this.#count++;
      this.#endBytes += LENGTH_BYTES + content.length;
      // A copy, as at the ingress: the history must not keep whole chunks alive.
      take(channel, Buffer.from(body));
    });
    const { size } = fstatSync(this.#descriptor);
    for (let at = 0; at < size; ) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, size - at));
      const readBytes = readSync(this.#descriptor, chunk, 0, chunk.length, at);
      if (readBytes === 0) break;
      reader.push(chunk.subarray(0, readBytes));
      at += readBytes;
    }
    ftruncateSync(this.#descriptor, this.#endBytes);
  }

  append(channel: string, body: Uint8Array): void {
    const frame = encodePublish(channel, body);
    for (let written = 0; written < frame.length; ) {
      written += writeSync(this.#descriptor, frame, written, frame.length - written, this.#endBytes + written);
    }
    this.#endBytes += frame.length;
    this.#count++;
  }
}
