import type { FlowControl, Traffic } from '../theory.js';
import type { Settings } from '../transport.js';

/** RFC 9113, 4.1. */
const FRAME_HEAD_BYTES = 9;
/** RFC 9113, 6.5.2: SETTINGS_MAX_FRAME_SIZE at its default. */
const MAX_FRAME_BYTES = 16_384;
/** RFC 9113, 6.9.2: the window at its default. A receiver speaks once half of it has come. */
const HALF_WINDOW_BYTES = Math.floor(65_535 / 2);

/** So many bytes in DATA frames. Headers have no formula: HPACK compresses them by what went before. */
export function dataBytes(bytes: number): number {
  return bytes + FRAME_HEAD_BYTES * Math.ceil(bytes / MAX_FRAME_BYTES);
}

/** RFC 9113, 6.9: frames of 4 bytes, for the stream and for the connection. */
export const windowUpdates: FlowControl = {
  frame: 'WINDOW_UPDATE',
  frameBytes: FRAME_HEAD_BYTES + 4,
  maxFrames: (receivedBytes) => 2 * Math.floor(receivedBytes / HALF_WINDOW_BYTES),
};

/** RFC 9113, 6.7: a PING has 8 bytes, and is answered by another. */
export const PING: Traffic = { up: FRAME_HEAD_BYTES + 8, down: FRAME_HEAD_BYTES + 8 };

/** Whether these settings ask for HTTP/2. */
export function overHttp2({ http }: Settings): boolean {
  return http === '2';
}
