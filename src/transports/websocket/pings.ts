import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { ByteLedger } from '../../metrics/byte-ledger.js';
import { PATIENCE } from '../heartbeat.js';
import { watchSilence } from '../silence-watch.js';
import { headBytes } from './frame-bytes.js';

export interface PingOptions {
  readonly client: WebSocket;
  /** That the client came in on. */
  readonly socket: Pick<Socket, 'bytesRead'>;
  readonly pingMs: number;
  readonly ledger: ByteLedger;
}

/**
 * Pings a client every `pingMs` and ends its connection when for two of them nothing has come, no pong and no message.
 * Returns what stops it.
 */
export function startPings({ client, socket, pingMs, ledger }: PingOptions): () => void {
  const timer = setInterval(() => {
    // While it closes, the library takes what it is given and sends nothing.
    if (client.readyState !== WebSocket.OPEN) return;
    ledger.down.heartbeats += headBytes(0);
    client.ping();
  }, pingMs);
  const endWatch = watchSilence(socket, PATIENCE * pingMs, () => client.terminate());
  return () => {
    clearInterval(timer);
    endWatch();
  };
}
