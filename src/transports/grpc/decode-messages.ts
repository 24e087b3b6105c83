import type { Part } from '../inspection.js';
import { MAX_UNITS, unread } from '../inspection-draft.js';
import { decodeProtobuf } from './decode-protobuf.js';
import type { ChatProto } from './proto-fields.js';

const PREFIX_BYTES = 5;

export interface Messages {
  /** They cover the body. */
  readonly parts: readonly Part[];
  readonly wrongs: readonly string[];
}

/** Reads what a gRPC call moves in one direction: messages, each after a flag and its length. */
export function decodeMessages(body: Buffer, type: string | undefined, proto: ChatProto): Messages {
  const parts: Part[] = [];
  const wrongs: string[] = [];
  for (let at = 0; at < body.length; ) {
    const left = body.length - at;
    const length = left < PREFIX_BYTES ? 0 : body.readUInt32BE(at + 1);
    const why =
      left < PREFIX_BYTES
        ? 'the prefix of a message was cut'
        : left < PREFIX_BYTES + length
          ? `the message was cut: ${left - PREFIX_BYTES} of ${length} B came`
          : parts.length > MAX_UNITS
            ? 'too many messages'
            : undefined;
    if (why !== undefined) return { parts: [...parts, unread(left, 'message')], wrongs: [...wrongs, why] };
    const flag = body[at] ?? 0;
    parts.push(...prefixParts(flag, length, type));
    const message = body.subarray(at + PREFIX_BYTES, at + PREFIX_BYTES + length);
    at += PREFIX_BYTES + length;
    if (flag !== 0) parts.push({ bytes: length, kind: 'payload', name: 'message, compressed', value: '', meaning: '' });
    else {
      const { parts: fields, wrong } = decodeProtobuf(message, type, proto);
      parts.push(...fields);
      if (wrong !== undefined) wrongs.push(wrong);
    }
  }
  return { parts: parts.filter(({ bytes }) => bytes > 0), wrongs };
}

function prefixParts(flag: number, length: number, type: string | undefined): readonly Part[] {
  const meaning = `of the ${type ?? 'message'} that follows, in bytes`;
  return [
    {
      bytes: 1,
      kind: 'framing',
      name: 'compressed',
      value: String(flag),
      meaning: flag === 0 ? 'as it is' : 'compressed',
    },
    { bytes: 4, kind: 'framing', name: 'message length', value: String(length), meaning },
  ];
}
