import { encodeFrame } from '../transports/tcp/frames.js';

/** What goes over the ingress, a frame a publish: length of the channel's name (1 byte), name (ASCII), body. */
export function encodePublish(channel: string, body: Uint8Array): Buffer {
  const name = Buffer.from(channel, 'latin1');
  return encodeFrame(Buffer.from([name.length]), name, body);
}

/** Inverse of `encodePublish`, of a frame's content. The body is a view. */
export function decodePublish(content: Buffer): { channel: string; body: Buffer } {
  const nameEnd = 1 + content.readUInt8(0);
  return { channel: content.toString('latin1', 1, nameEnd), body: content.subarray(nameEnd) };
}
