import type { Theory } from '../theory.js';

/** gRPC over HTTP/2: a flag and a length of 4 bytes before each message. */
const PREFIX_BYTES = 5;
/** RFC 9113, 4.1. */
const FRAME_HEAD_BYTES = 9;
/** RFC 9113, 6.5.2: SETTINGS_MAX_FRAME_SIZE at its default. */
const MAX_FRAME_BYTES = 16_384;
/** RFC 9113, 6.9: a WINDOW_UPDATE is a frame of 4 bytes. */
const WINDOW_UPDATE_BYTES = FRAME_HEAD_BYTES + 4;
/** RFC 9113, 6.9.2: the window at its default; a receiver speaks once half of it has come, for stream and connection. */
const HALF_WINDOW_BYTES = Math.floor(65_535 / 2);

/** Streams only. What goes with a unary call, and the opening, are headers compressed by HPACK, without a formula. */
export const theory: Theory = {
  brisk: ({ mode }) => (mode === 'unary' ? { intervalMs: 25 } : {}),
  heartbeat: null,
  predict({ settings, id }) {
    const streams = settings.mode !== 'unary';
    // Field 5 is the id. Field 2 or 4 is the body, left out where it is empty.
    const idBytes = 1 + varintBytes(id);
    const bodyField = (bytes: number) => (bytes === 0 ? 0 : 1 + varintBytes(bytes) + bytes);
    return {
      opening: null,
      message: (bytes) => (streams ? { up: 0, down: dataBytes(bodyField(bytes) + idBytes) } : null),
      publish: (bytes) => ({ up: dataBytes(bodyField(bytes)), down: 0 }),
      emptyPoll: null,
      heartbeat: null,
      flowControl: {
        frame: 'WINDOW_UPDATE',
        frameBytes: WINDOW_UPDATE_BYTES,
        maxFrames: (receivedBytes) => 2 * Math.floor(receivedBytes / HALF_WINDOW_BYTES),
      },
    };
  },
};

/** A message in DATA frames. */
function dataBytes(messageBytes: number): number {
  const bytes = messageBytes + PREFIX_BYTES;
  return bytes + FRAME_HEAD_BYTES * Math.ceil(bytes / MAX_FRAME_BYTES);
}

/** Protocol Buffers: seven bits a byte. */
function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes++;
  return bytes;
}
