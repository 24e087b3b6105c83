import type { Message, Payload } from '../transport.js';

/** What a poll is answered with. */
export interface PollAnswer {
  /** Cursor for the next poll. */
  readonly last: number;
  /** There is more already. */
  readonly more: boolean;
  readonly messages: readonly { readonly id: number; readonly body: Buffer }[];
}

/** How an answer looks on the wire: the server's side and the client's side of it. */
export interface AnswerFormat {
  readonly contentType: string;
  /** One message, the same bytes for every reader. */
  encodeMessage(message: Message): Buffer;
  /** An answer of encoded messages. */
  join(answer: Omit<PollAnswer, 'messages'>, messages: readonly Buffer[]): Buffer;
  /** Throws when the bytes are not an answer. */
  decode(bytes: Buffer): PollAnswer;
}

/** `format=json` or `binary`. JSON carries a binary payload as base64. */
export function answerFormat(format: 'json' | 'binary', payload: Payload): AnswerFormat {
  if (format === 'binary') return binaryFormat;
  return payload === 'text' ? jsonFormat('text', 'utf8') : jsonFormat('data', 'base64');
}

// -------------------------------------------------------------------------------------------------------------- json

const COMMA = Buffer.from(',');
const JSON_END = Buffer.from(']}');

/** `{"last":101,"more":false,"messages":[{"id":101,"text":"Hi"}]}`, or `"data"` with base64. */
function jsonFormat(field: 'text' | 'data', encoding: 'utf8' | 'base64'): AnswerFormat {
  return {
    contentType: 'application/json',
    encodeMessage: ({ id, body }) => Buffer.from(JSON.stringify({ id, [field]: body.toString(encoding) })),
    join({ last, more }, messages) {
      const parts: Buffer[] = [Buffer.from(`{"last":${last},"more":${more},"messages":[`)];
      for (const [index, message] of messages.entries()) {
        if (index > 0) parts.push(COMMA);
        parts.push(message);
      }
      parts.push(JSON_END);
      return Buffer.concat(parts);
    },
    decode(bytes) {
      const answer: unknown = JSON.parse(bytes.toString());
      if (!isRecord(answer)) throw new Error('not an object');
      const { last, more, messages } = answer;
      if (!isId(last) || typeof more !== 'boolean' || !Array.isArray(messages)) {
        throw new Error('no "last", "more" and "messages"');
      }
      return { last, more, messages: messages.map((message) => decodeMessage(message, field, encoding)) };
    },
  };
}

function decodeMessage(message: unknown, field: string, encoding: 'utf8' | 'base64'): PollAnswer['messages'][number] {
  if (isRecord(message)) {
    const { id, [field]: body } = message;
    if (isId(id) && typeof body === 'string') return { id, body: Buffer.from(body, encoding) };
  }
  throw new Error(`a message without "id" and "${field}"`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

// ------------------------------------------------------------------------------------------------------------ binary

const ID_BYTES = 6;
const LENGTH_BYTES = 4;
const MESSAGE_HEAD_BYTES = ID_BYTES + LENGTH_BYTES;
const ANSWER_HEAD_BYTES = ID_BYTES + 1;

/** 6 bytes `last`, 1 byte `more`; then for each message 6 bytes id, 4 bytes length and the body. Big-endian. */
const binaryFormat: AnswerFormat = {
  contentType: 'application/octet-stream',
  encodeMessage({ id, body }) {
    const bytes = Buffer.allocUnsafe(MESSAGE_HEAD_BYTES + body.length);
    bytes.writeUIntBE(id, 0, ID_BYTES);
    bytes.writeUInt32BE(body.length, ID_BYTES);
    bytes.set(body, MESSAGE_HEAD_BYTES);
    return bytes;
  },
  join({ last, more }, messages) {
    const head = Buffer.allocUnsafe(ANSWER_HEAD_BYTES);
    head.writeUIntBE(last, 0, ID_BYTES);
    head.writeUInt8(more ? 1 : 0, ID_BYTES);
    return Buffer.concat([head, ...messages]);
  },
  decode(bytes) {
    const messages = [];
    let at = ANSWER_HEAD_BYTES;
    while (at < bytes.length) {
      const id = bytes.readUIntBE(at, ID_BYTES);
      const end = at + MESSAGE_HEAD_BYTES + bytes.readUInt32BE(at + ID_BYTES);
      if (end > bytes.length) throw new Error('cut short');
      messages.push({ id, body: bytes.subarray(at + MESSAGE_HEAD_BYTES, end) });
      at = end;
    }
    return { last: bytes.readUIntBE(0, ID_BYTES), more: bytes.readUInt8(ID_BYTES) === 1, messages };
  },
};
