import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { ByteLedger } from '../../metrics/byte-ledger.js';
import { headBytes } from './frame-bytes.js';

export interface PingOptions {
  readonly client: WebSocket;
  /** That the client came in on. */
  readonly socket: Pick<Socket, 'bytesRead'>;
  readonly pingMs: number;
  readonly ledger: ByteLedger;
}

/**
 * Pings a client every `pingMs` and ends its connection where nothing, no pong and no message, has come since the last
 * ping. Returns what stops it.
 */
export function startPings({ client, socket, pingMs, ledger }: PingOptions): () => void {
  let readAtPing = -1;
  const beat = () => {
    // While it closes, the library takes what it is given and sends nothing.
    if (client.readyState !== WebSocket.OPEN) return;
    if (socket.bytesRead === readAtPing) {
      client.terminate();
      return;
    }
    readAtPing = socket.bytesRead;
    ledger.down.heartbeats += headBytes(0);
    client.ping();
  };
  // After timers the event loop reads what has come: a pong that waited for a busy process is not missed.
  const timer = setInterval(() => setImmediate(beat), pingMs);
  return () => clearInterval(timer);
}
