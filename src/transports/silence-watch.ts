import type { Socket } from 'node:net';

/** How often a watch looks within the time that it allows. */
const LOOKS = 8;

/** How much later than its limit a watch may notice a silence, as a share of the limit. */
export const LATENESS_SHARE = 1 / LOOKS;

/**
 * Tells when nothing has come in over a connection for `limitMs`, once, at most an eighth of that later. It looks at
 * the socket's own counter now and then, so that a message costs nothing; and it counts looks instead of reading a
 * clock, so that a process that stood still does not take its own silence for the peer's.
 *
 * @returns what ends the watch; idempotent.
 */
export function watchSilence(
  socket: Pick<Socket, 'bytesRead'>,
  limitMs: number,
  onSilent: (error: Error) => void,
): () => void {
  let seen = socket.bytesRead;
  let looksInSilence = 0;
  let over = false;
  const look = () => {
    if (over) return;
    if (socket.bytesRead !== seen) {
      seen = socket.bytesRead;
      looksInSilence = 0;
    } else if (++looksInSilence >= LOOKS) {
      stop();
      onSilent(new Error(`nothing came for ${limitMs} ms`));
    }
  };
  // After timers the event loop reads what has come; only then does an unchanged counter mean anything.
  const timer = setInterval(() => setImmediate(look), limitMs / LOOKS);
  const stop = () => {
    over = true;
    clearInterval(timer);
  };
  return stop;
}
