import type { WebSocket } from 'ws';
import type { ByteLedger } from '../../metrics/byte-ledger.js';

/** What a client adds to the head of each of its frames. */
export const MASK_BYTES = 4;
/** The code in a close frame; the reason follows it. */
const CODE_BYTES = 2;
/** Code of a close frame without one. */
const NO_CODE = 1005;
/** There was no close frame. */
const CUT = 1006;

/** Bytes of the head of a frame of the server with this many bytes in it (RFC 6455, 5.2). */
export function headBytes(contentBytes: number): number {
  if (contentBytes <= 125) return 2;
  return contentBytes <= 65_535 ? 4 : 10;
}

/** Tells the ledger what comes from a client, and what its pings and the closing handshake move in both directions. */
export function countFrames(client: WebSocket, ledger: ByteLedger): void {
  const { up, down, uplink } = ledger;
  // Nothing tells how long a compressed message was on the wire.
  if (client.extensions === '') {
    client.on('message', (body: Buffer) => {
      const head = headBytes(body.length) + MASK_BYTES;
      up.payload += body.length;
      up.framing += head;
      uplink.up += body.length + head;
    });
  }
  client.on('pong', (content) => {
    up.heartbeats += headBytes(content.length) + MASK_BYTES + content.length;
  });
  client.once('close', (code, reason) => {
    if (code === CUT) return;
    // Each side repeats the code and the reason of the other.
    const frame = headBytes(0) + (code === NO_CODE ? 0 : CODE_BYTES + reason.length);
    up.flowControl += frame + MASK_BYTES;
    down.flowControl += frame;
  });
}
