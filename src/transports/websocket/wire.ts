/**
 * Wire: `GET /ws?channel=…&since=…&client=…` with an upgrade; then frames. Down: a message's body, after its id and a
 * space where the subprotocol says so. Up: a body, published to the first channel. Frames are text or binary as the
 * run's payload is.
 */
export const PATH = '/ws';

/** Frame = body. Also what a client gets that asks for no subprotocol. */
export const PLAIN = 'rtbench';

/** Frame down = id in decimal digits, a space, body. */
export const WITH_IDS = 'rtbench.ids';

/** Close code of a cursor older than the history; the reason is `oldest=<id>`. */
export const GAP_CODE = 4410;

/**
 * Close of a reader that is too slow: "try again later" of the IANA registry, since it may come back with its cursor.
 * 1008 ("policy violation") is about a message that came from it, and nothing it sent was wrong.
 */
export const TOO_SLOW_CODE = 1013;
export const TOO_SLOW_REASON = 'too slow';

/** Close code of a server that goes (RFC 6455, 7.4.1). */
export const GOING_AWAY = 1001;

/** Close code of a client whose first frame is not the token: HTTP's 401 among the codes for private use. */
export const UNAUTHORIZED_CODE = 4401;

/** Frame that answers a token: what is published from now on will arrive. */
export const ACCEPTED = 'ok';

/** How long in ms a closing handshake may take before the socket is destroyed. */
export const CLOSE_TIMEOUT_MS = 1_000;

const SPACE = 0x20;

export function encodeWithId(id: number, body: Buffer): Buffer {
  const head = `${id} `;
  const frame = Buffer.allocUnsafe(head.length + body.length);
  frame.write(head, 'latin1');
  body.copy(frame, head.length);
  return frame;
}

/** Id and body of a frame of `WITH_IDS`; the body is a view of the frame. `null`: it does not begin with an id. */
export function decodeWithId(frame: Buffer): { readonly id: number; readonly body: Buffer } | null {
  const end = frame.indexOf(SPACE);
  const id = end > 0 ? Number(frame.toString('latin1', 0, end)) : Number.NaN;
  return Number.isSafeInteger(id) ? { id, body: frame.subarray(end + 1) } : null;
}

export function gapReason(oldestId: number): string {
  return `oldest=${oldestId}`;
}

/** The oldest id in the reason of a close with `GAP_CODE`; `null` where it has none. */
export function oldestIdOf(reason: string): number | null {
  const digits = /^oldest=(\d+)$/.exec(reason)?.[1];
  return digits === undefined ? null : Number(digits);
}
