import protobuf from 'protobufjs/minimal.js';
import type { Part } from '../inspection.js';
import { MAX_UNITS, preview, unread } from '../inspection-draft.js';
import type { ChatProto } from './proto-fields.js';

/** Deepest message within a message. */
const MAX_DEPTH = 8;
/** What of a message is the body that was published. */
const BODY_FIELDS: readonly string[] = ['text', 'body'];

const WIRE_TYPES = ['varint', '8 bytes', 'a length and so many bytes', 'group', 'end of group', '4 bytes'];

export interface Protobuf {
  /** They cover the message. */
  readonly parts: readonly Part[];
  /** Why it could not be read to its end; absent: it was. */
  readonly wrong?: string;
}

/** Reads a message of protocol buffers, field by field. `type`: its name in chat.proto; `undefined`: not known. */
export function decodeProtobuf(bytes: Buffer, type: string | undefined, proto: ChatProto, depth = 0): Protobuf {
  const reader = protobuf.Reader.create(bytes);
  const parts: Part[] = [];
  let at = 0;
  try {
    while (reader.pos < bytes.length) {
      if (parts.length > MAX_UNITS) throw new Error('too many fields');
      parts.push(...readField(reader, { bytes, type, proto, depth }));
      at = reader.pos;
    }
    return { parts };
  } catch (error) {
    const wrong = `no protocol buffer from byte ${at} on: ${error instanceof Error ? error.message : error}`;
    return { parts: [...parts, unread(bytes.length - at, 'fields')], wrong };
  }
}

interface Context {
  readonly bytes: Buffer;
  readonly type: string | undefined;
  readonly proto: ChatProto;
  readonly depth: number;
}

/** The parts of the field that comes next. Throws where there is none. */
function readField(reader: protobuf.Reader, { bytes, type, proto, depth }: Context): Part[] {
  const start = reader.pos;
  const tag = whole(reader);
  const [number, wireType] = [Math.floor(tag / 8), tag % 8];
  if (number < 1 || number > 0x1fff_ffff) throw new Error(`${number} is no number of a field`);
  const field = proto.field(type, number);
  const name = field?.name ?? `field ${number}`;
  const head = `field ${number}${field ? `, ${field.type}` : ''}: ${WIRE_TYPES[wireType] ?? 'no wire type'}`;
  if (wireType !== 2) {
    const value = scalar(reader, wireType, field?.type);
    return [{ bytes: reader.pos - start, kind: 'framing', name, value, meaning: head }];
  }
  const length = whole(reader);
  if (length > bytes.length - reader.pos) throw new Error(`${length} B, and ${bytes.length - reader.pos} B are left`);
  const content = bytes.subarray(reader.pos, reader.pos + length);
  const headPart: Part = {
    bytes: reader.pos - start,
    kind: 'framing',
    name: `${name}, head`,
    value: `${length} B`,
    meaning: head,
  };
  reader.skip(length);
  if (field?.type === 'message' && depth < MAX_DEPTH) {
    const inner = decodeProtobuf(content, field.typeName, proto, depth + 1);
    if (inner.wrong !== undefined) throw new Error(inner.wrong);
    return [headPart, ...inner.parts];
  }
  const kind = field === undefined || BODY_FIELDS.includes(name) ? 'payload' : 'framing';
  return length === 0 ? [headPart] : [headPart, { bytes: length, kind, name, value: preview(content), meaning: '' }];
}

/** A varint as a number; beyond what numbers hold exactly it is large all the same. */
function whole(reader: protobuf.Reader): number {
  return Number(String(reader.uint64()));
}

function scalar(reader: protobuf.Reader, wireType: number, type: string | undefined): string {
  if (wireType === 0) {
    if (type === 'bool') return String(reader.bool());
    return String(type === 'int64' ? reader.int64() : reader.uint64());
  }
  if (wireType === 1) return String(reader.fixed64());
  if (wireType === 5) return String(reader.fixed32());
  throw new Error(`wire type ${wireType} is not read`);
}
