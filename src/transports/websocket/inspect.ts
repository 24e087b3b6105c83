import { createHash } from 'node:crypto';
import { fillWhole, type HttpExchange } from '../http/conversation.js';
import { decodeHttp1 } from '../http/decode-http1.js';
import type { Direction, Inspector, Streams, Unit } from '../inspection.js';
import { decodeFrames, type FrameOptions } from './decode-frames.js';
import { WITH_IDS } from './wire.js';

/** RFC 6455, 1.3: known to whoever speaks the protocol, and to nobody by chance. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

const NO_UPGRADE = { kind: 'headers', name: 'body', value: '', meaning: 'of an answer that is no upgrade' } as const;

export const inspector: Inspector = { decode };

/** `Sec-WebSocket-Accept` of a key: Base64(SHA-1(key + GUID)). */
export function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}${GUID}`).digest('base64');
}

function decode(streams: Streams): readonly Unit[] {
  const { drafts, exchanges, tail } = decodeHttp1(streams);
  for (const { request, response } of exchanges) {
    for (const message of [request, response]) if (message) fillWhole(message, NO_UPGRADE);
  }
  const upgrade = exchanges.at(-1);
  if (!tail || !upgrade) return drafts.map((draft) => draft.finish());
  checkHandshake(upgrade);
  const frames = (['up', 'down'] as const).flatMap((direction) =>
    decodeFrames(streams[direction].subarray(tail[direction]), frameOptions(upgrade, direction, tail[direction])),
  );
  return [...drafts, ...frames].map((draft) => draft.finish());
}

function checkHandshake({ request, response }: HttpExchange): void {
  const draft = response?.drafts[0];
  const key = request?.fields.get('sec-websocket-key');
  const accept = response?.fields.get('sec-websocket-accept');
  if (!draft) return;
  if (key === undefined) draft.note('wrong', 'the request has no Sec-WebSocket-Key');
  else if (accept !== acceptOf(key)) draft.note('wrong', `Sec-WebSocket-Accept should be ${acceptOf(key)}`);
  else draft.note('right', `Base64(SHA-1("${key}" + GUID)) is ${accept}`);
  const offers = (request?.fields.get('sec-websocket-protocol') ?? '').split(',').map((offer) => offer.trim());
  const chosen = response?.fields.get('sec-websocket-protocol');
  if (chosen === undefined) return;
  if (offers.includes(chosen)) draft.note('right', `subprotocol ${chosen} is one of those on offer`);
  else draft.note('wrong', `subprotocol ${chosen} was not on offer`);
}

function frameOptions({ response }: HttpExchange, direction: Direction, offset: number): FrameOptions {
  const extensions = response?.fields.get('sec-websocket-extensions') ?? '';
  const withoutContext = `${direction === 'up' ? 'client' : 'server'}_no_context_takeover`;
  const hasIds = direction === 'down' && response?.fields.get('sec-websocket-protocol') === WITH_IDS;
  return {
    direction,
    offset,
    deflate: /^permessage-deflate\b/i.test(extensions) ? { keepsContext: !extensions.includes(withoutContext) } : null,
    prefixBytes: hasIds ? (message) => /^\d+ /.exec(message.toString('latin1', 0, 20))?.[0].length ?? 0 : () => 0,
  };
}
