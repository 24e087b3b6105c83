import type { Message, Payload } from '../transport.js';

/** Event types beside the default one, which carries a text body as it is. */
export const BASE64_EVENT = 'base64';
/** Its data is the oldest id that the server still has. */
export const GAP_EVENT = 'gap';

/** An empty comment: a heartbeat that no client sees. */
export const HEARTBEAT = Buffer.from(':\n\n');

/** After how long in ms a client may come back whose stream the server ended. */
export const RETRY_MS = 1_000;

/** What a stream begins with where the server says how long `EventSource` is to wait before it comes back. */
export function encodeRetry(ms: number): Buffer {
  return Buffer.from(`retry: ${ms}\n\n`);
}

/** The last that a stream says when the server goes: when to come back. */
export const FAREWELL = encodeRetry(RETRY_MS);

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const END = Buffer.from('\n\n');

/**
 * One message as an event: `id: <id>\ndata: <line>\n\n`, a `data:` line for each line of the body. What a line cannot
 * hold, a carriage return or a binary payload, goes as base64 with an `event: base64` line.
 */
export function encodeEvent({ id, body }: Message, payload: Payload): Buffer {
  if (payload === 'binary' || body.includes(CARRIAGE_RETURN)) {
    return Buffer.from(`id: ${id}\nevent: ${BASE64_EVENT}\ndata: ${body.toString('base64')}\n\n`);
  }
  return Buffer.concat([Buffer.from(`id: ${id}\ndata: `), body.includes(LINE_FEED) ? dataLines(body) : body, END]);
}

export function encodeGap(oldestId: number): Buffer {
  return Buffer.from(`event: ${GAP_EVENT}\ndata: ${oldestId}\n\n`);
}

function dataLines(body: Buffer): Buffer {
  // Latin-1 stands for bytes: UTF-8 has no line feed inside a character.
  return Buffer.from(body.toString('latin1').replaceAll('\n', '\ndata: '), 'latin1');
}
