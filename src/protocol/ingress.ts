import { encodeFrame } from '../transports/tcp/frames.js';

const MAX_NAME_BYTES = 255;

/**
 * What goes over the ingress, a frame a publish: length of the channel's name (1 byte), name (ASCII), body. Throws
 * when the name is longer than 255 bytes.
 */
export function encodePublish(channel: string, body: Uint8Array): Buffer {
  const name = Buffer.from(channel, 'latin1');
  if (name.length > MAX_NAME_BYTES) {
    throw new Error(`a channel name of ${name.length} bytes, more than the ${MAX_NAME_BYTES} that a publish can carry`);
  }
  return encodeFrame(Buffer.from([name.length]), name, body);
}

/** Inverse of `encodePublish`, of a frame's content. The body is a view. Throws when the content is no publish. */
export function decodePublish(content: Buffer): { channel: string; body: Buffer } {
  const nameEnd = 1 + (content[0] ?? 0);
  if (nameEnd > content.length) throw new Error(`a publish of ${content.length} bytes ends within its channel name`);
  return { channel: content.toString('latin1', 1, nameEnd), body: content.subarray(nameEnd) };
}
