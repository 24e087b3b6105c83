/** A frame is a 4-byte big-endian length and that many bytes. */
export const LENGTH_BYTES = 4;

/** `parts` as one frame. */
export function encodeFrame(...parts: readonly Uint8Array[]): Buffer {
  let length = 0;
  for (const part of parts) length += part.length;
  const frame = Buffer.allocUnsafe(LENGTH_BYTES + length);
  frame.writeUInt32BE(length, 0);
  let at = LENGTH_BYTES;
  for (const part of parts) {
    frame.set(part, at);
    at += part.length;
  }
  return frame;
}

/** Cuts a byte stream into frames. Holds at most one incomplete frame of `maxBytes`. */
export class FrameReader {
  readonly #maxBytes: number;
  readonly #onFrame: (content: Buffer) => void;
  #rest: Buffer[] = [];
  #restBytes = 0;
  /** Bytes that must be there before it is worth looking again. */
  #wanted = LENGTH_BYTES;

  /** `onFrame` gets a view that is valid as long as it is kept. */
  constructor(maxBytes: number, onFrame: (content: Buffer) => void) {
    this.#maxBytes = maxBytes;
    this.#onFrame = onFrame;
  }

  /** Takes what a socket read. Throws when a frame is longer than `maxBytes`. */
  push(chunk: Buffer): void {
    let data = chunk;
    if (this.#restBytes > 0) {
      this.#rest.push(chunk);
      this.#restBytes += chunk.length;
      if (this.#restBytes < this.#wanted) return;
      data = Buffer.concat(this.#rest, this.#restBytes);
      this.#rest = [];
      this.#restBytes = 0;
    }
    let at = 0;
    this.#wanted = LENGTH_BYTES;
    while (data.length - at >= LENGTH_BYTES) {
      const length = data.readUInt32BE(at);
      if (length > this.#maxBytes) throw new Error(`frame of ${length} bytes, more than the ${this.#maxBytes} allowed`);
      const end = at + LENGTH_BYTES + length;
      if (end > data.length) {
        this.#wanted = LENGTH_BYTES + length;
        break;
      }
      this.#onFrame(data.subarray(at + LENGTH_BYTES, end));
      at = end;
    }
    if (at < data.length) {
      this.#rest = [at === 0 ? data : data.subarray(at)];
      this.#restBytes = data.length - at;
    }
  }
}
