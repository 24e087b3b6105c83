import type { WebSocket } from 'ws';
import type { ByteLedger } from '../../metrics/byte-ledger.js';
import { isSame } from '../credentials.js';
import { headBytes, MASK_BYTES } from './frame-bytes.js';
import { ACCEPTED, UNAUTHORIZED_CODE } from './wire.js';

/** How long in ms a client may take to show its token. */
const TOKEN_TIMEOUT_MS = 5_000;

/** Takes the token from a client's first frame, answers it and goes on; a frame that is none, or none in time, is the end. */
export function awaitToken(client: WebSocket, token: string, ledger: ByteLedger, onAuthorized: () => void): void {
  const refuse = () => client.close(UNAUTHORIZED_CODE, 'no valid token');
  const timeout = setTimeout(refuse, TOKEN_TIMEOUT_MS);
  client.once('close', () => clearTimeout(timeout));
  client.on('error', () => {});
  client.once('message', (frame: Buffer) => {
    clearTimeout(timeout);
    const compressed = client.extensions !== '';
    if (!compressed) ledger.up.headers += headBytes(frame.length) + MASK_BYTES + frame.length;
    if (!isSame(String(frame), token)) {
      refuse();
      return;
    }
    if (!compressed) ledger.down.headers += headBytes(ACCEPTED.length) + ACCEPTED.length;
    client.send(ACCEPTED);
    onAuthorized();
  });
}
