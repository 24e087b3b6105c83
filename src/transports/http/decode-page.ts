import type { Part } from '../inspection.js';
import { MAX_UNITS, shorten, visible } from '../inspection-draft.js';

/** What an answer to a poll has in it. */
export interface DecodedPage {
  readonly messages: number;
  /** They cover the answer. */
  readonly parts: readonly Part[];
}

const LAST = 'last: the cursor for the next poll; more: whether there is more already';
const ID = 'id of the message';

/** Reads the answer to a poll in one of its formats; `null`: it is none. */
export function decodePage(body: Buffer, contentType: string): DecodedPage | null {
  if (/^application\/json\b/i.test(contentType)) return decodeJsonPage(body);
  return /^application\/octet-stream\b/i.test(contentType) ? decodeBinaryPage(body) : null;
}

const JSON_HEAD = /^\{"last":\d+,"more":(?:true|false),"messages":\[/;
const JSON_MESSAGE = /^,?\{"id":\d+,"(text|data)":"/;
/** Long enough for either of them. */
const JSON_HEAD_BYTES = 100;

function decodeJsonPage(body: Buffer): DecodedPage | null {
  const head = JSON_HEAD.exec(body.toString('latin1', 0, JSON_HEAD_BYTES))?.[0];
  if (head === undefined) return null;
  const parts: Part[] = [framing(head.length, 'JSON', head, LAST)];
  let messages = 0;
  for (let at = head.length; ; messages++) {
    const [opening, field = ''] = JSON_MESSAGE.exec(body.toString('latin1', at, at + JSON_HEAD_BYTES)) ?? [];
    if (opening === undefined || messages > MAX_UNITS) {
      const tail = body.toString('latin1', at);
      if (tail !== ']}') return null;
      return { messages, parts: [...parts, framing(tail.length, 'JSON', tail, 'ends the answer')] };
    }
    const start = at + opening.length;
    const end = endOfString(body, start);
    const closing = body.toString('latin1', end, end + 2);
    const text = closing === '"}' ? textPart(body.subarray(start, end), field) : null;
    if (text === null) return null;
    parts.push(framing(opening.length, 'JSON', opening, ID), ...(text.bytes > 0 ? [text] : []));
    parts.push(framing(2, 'JSON', closing, ''));
    at = end + 2;
  }
}

/** Where the string that has begun ends. */
function endOfString(body: Buffer, start: number): number {
  let at = start;
  while (at < body.length && body[at] !== 0x22) at += body[at] === 0x5c ? 2 : 1;
  return Math.min(at, body.length);
}

/** What a string of JSON takes beyond the bytes it stands for is framing. */
function textPart(literal: Buffer, field: string): Part | null {
  try {
    const text: unknown = JSON.parse(`"${literal.toString()}"`);
    if (typeof text !== 'string') return null;
    const bodyBytes = field === 'data' ? Buffer.from(text, 'base64').length : Buffer.byteLength(text);
    const escapeBytes = literal.length - bodyBytes;
    if (escapeBytes < 0) return null;
    const meaning = escapeBytes === 0 ? '' : `${escapeBytes} of the bytes are there to escape others`;
    const value = shorten(visible(literal.toString()), 200);
    return { bytes: literal.length, kind: 'payload', name: field, value, meaning, escapeBytes };
  } catch {
    return null;
  }
}

/** 6 bytes `last`, 1 byte `more`; then for each message 6 bytes id, 4 bytes length and the body. */
function decodeBinaryPage(body: Buffer): DecodedPage | null {
  if (body.length < 7) return null;
  const parts = [
    framing(6, 'last', String(body.readUIntBE(0, 6)), 'the cursor for the next poll'),
    framing(1, 'more', String(body[6]), 'whether there is more already'),
  ];
  let messages = 0;
  for (let at = 7; at < body.length; messages++) {
    if (at + 10 > body.length || messages > MAX_UNITS) return null;
    const bytes = body.readUInt32BE(at + 6);
    if (at + 10 + bytes > body.length) return null;
    parts.push(framing(6, 'id', String(body.readUIntBE(at, 6)), ID));
    parts.push(framing(4, 'length', String(bytes), 'of the body that follows'));
    const value = shorten(visible(body.toString('utf8', at + 10, at + 10 + bytes)), 200);
    if (bytes > 0) parts.push({ bytes, kind: 'payload', name: 'body', value, meaning: '' });
    at += 10 + bytes;
  }
  return { messages, parts };
}

function framing(bytes: number, name: string, value: string, meaning: string): Part {
  return { bytes, kind: 'framing', name, value, meaning };
}
