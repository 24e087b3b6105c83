import { constants, inflateRawSync } from 'node:zlib';
import { messageOf } from '../../errors.js';

/** Most that a message may inflate to, bytes. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
/** How far back DEFLATE can refer (RFC 1951). */
const WINDOW_BYTES = 32 * 1024;
/** RFC 7692, 7.2.1: cut off by the sender, since it is always the same. */
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);

/** Inflates the messages of one direction, in their order (RFC 7692). */
export class Inflation {
  readonly #keepsContext: boolean;
  #window: Buffer = Buffer.alloc(0);

  /** `keepsContext`: a message may refer to those before it. */
  constructor(keepsContext: boolean) {
    this.#keepsContext = keepsContext;
  }

  /** The message, or why it cannot be inflated. */
  inflate(deflated: Buffer): Buffer | string {
    try {
      const message = inflateRawSync(Buffer.concat([deflated, TAIL]), {
        finishFlush: constants.Z_SYNC_FLUSH,
        maxOutputLength: MAX_MESSAGE_BYTES,
        ...(this.#window.length > 0 && { dictionary: this.#window }),
      });
      if (this.#keepsContext) this.#window = Buffer.concat([this.#window, message]).subarray(-WINDOW_BYTES);
      return message;
    } catch (error) {
      return messageOf(error);
    }
  }
}
