import type { Part, PartKind } from '../inspection.js';
import { unread, visible } from '../inspection-draft.js';

/** RFC 9113, 3.4. */
export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
export const FRAME_HEAD_BYTES = 9;

export const TYPE = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

/** RFC 9113, 6: name and meaning of each type. */
const TYPES: readonly (readonly [name: string, meaning: string])[] = [
  ['DATA', 'bytes of a body'],
  ['HEADERS', 'fields of a request, an answer or its end'],
  ['PRIORITY', 'an advice of old'],
  ['RST_STREAM', 'ends a stream at once'],
  ['SETTINGS', 'what its sender can take'],
  ['PUSH_PROMISE', 'announces an answer that nobody asked for'],
  ['PING', 'a heartbeat, to be answered with the same bytes'],
  ['GOAWAY', 'the connection is coming to its end'],
  ['WINDOW_UPDATE', 'room for more bytes: flow control'],
  ['CONTINUATION', 'goes on with HEADERS'],
];

const FLAGS: readonly { readonly bit: number; readonly name: string; readonly types: readonly number[] }[] = [
  { bit: 0x1, name: 'END_STREAM', types: [TYPE.data, TYPE.headers] },
  { bit: 0x1, name: 'ACK', types: [TYPE.settings, TYPE.ping] },
  { bit: 0x4, name: 'END_HEADERS', types: [TYPE.headers, TYPE.pushPromise, TYPE.continuation] },
  { bit: 0x8, name: 'PADDED', types: [TYPE.data, TYPE.headers, TYPE.pushPromise] },
  { bit: 0x20, name: 'PRIORITY', types: [TYPE.headers] },
];

export interface FrameHead {
  readonly payloadBytes: number;
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
}

/** Of nine bytes. */
export function readFrameHead(bytes: Buffer): FrameHead {
  return {
    payloadBytes: bytes.readUIntBE(0, 3),
    type: bytes[3] ?? 0,
    flags: bytes[4] ?? 0,
    stream: bytes.readUInt32BE(5) & 0x7fff_ffff,
  };
}

export function nameOfType(type: number): string {
  return TYPES[type]?.[0] ?? `type 0x${type.toString(16)}`;
}

export function flagNames({ type, flags }: FrameHead): string[] {
  return FLAGS.filter(({ bit, types }) => types.includes(type) && (flags & bit) !== 0).map(({ name }) => name);
}

/** What the frames of a type are for. */
export function kindOfType(type: number): PartKind {
  if (type === TYPE.data) return 'framing';
  if (type === TYPE.headers || type === TYPE.continuation || type === TYPE.pushPromise) return 'headers';
  return type === TYPE.ping ? 'heartbeats' : 'flowControl';
}

export function headParts(head: FrameHead): Part[] {
  const kind = kindOfType(head.type);
  const flags = flagNames(head).join(', ');
  const hex = `0x${head.flags.toString(16).padStart(2, '0')}`;
  return [
    { bytes: 3, kind, name: 'length', value: String(head.payloadBytes), meaning: 'of what follows the head, in bytes' },
    {
      bytes: 1,
      kind,
      name: 'type',
      value: nameOfType(head.type),
      meaning: TYPES[head.type]?.[1] ?? 'of no standard here',
    },
    { bytes: 1, kind, name: 'flags', value: flags === '' ? hex : `${hex} ${flags}`, meaning: '' },
    {
      bytes: 4,
      kind,
      name: 'stream',
      value: String(head.stream),
      meaning: head.stream === 0 ? 'the connection itself' : '',
    },
  ];
}

const SETTINGS: Readonly<Record<number, string>> = {
  1: 'HEADER_TABLE_SIZE',
  2: 'ENABLE_PUSH',
  3: 'MAX_CONCURRENT_STREAMS',
  4: 'INITIAL_WINDOW_SIZE',
  5: 'MAX_FRAME_SIZE',
  6: 'MAX_HEADER_LIST_SIZE',
  8: 'ENABLE_CONNECT_PROTOCOL',
};

const ERRORS = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];

export interface ControlContent {
  readonly parts: readonly Part[];
  /** For people, in short. */
  readonly says: string;
  /** Against the protocol; absent: nothing. */
  readonly wrong?: string;
}

/** What is in a frame that carries neither fields nor a body. A length that its type does not have is not read. */
export function readControl(type: number, payload: Buffer): ControlContent {
  const kind = kindOfType(type);
  const part = (bytes: number, name: string, value: string, meaning = ''): Part => ({
    bytes,
    kind,
    name,
    value,
    meaning,
  });
  const fits = (bytes: number) => payload.length === bytes;
  if (type === TYPE.settings && payload.length % 6 === 0) return settingsContent(payload, part);
  if (type === TYPE.ping && fits(8)) {
    const value = payload.toString('hex');
    return { parts: [part(8, 'opaque', value, 'the answer repeats them')], says: '' };
  }
  if (type === TYPE.windowUpdate && fits(4)) {
    const increment = payload.readUInt32BE(0) & 0x7fff_ffff;
    return { parts: [part(4, 'increment', String(increment), 'so many bytes more may come')], says: `+${increment}` };
  }
  if (type === TYPE.reset && fits(4)) {
    const error = errorName(payload.readUInt32BE(0));
    return { parts: [part(4, 'error', error)], says: error };
  }
  if (type === TYPE.priority && fits(5)) return { parts: [part(5, 'priority', '', 'is ignored today')], says: '' };
  if (type === TYPE.goAway && payload.length >= 8) {
    const [last, error] = [payload.readUInt32BE(0) & 0x7fff_ffff, errorName(payload.readUInt32BE(4))];
    const debug = part(payload.length - 8, 'debug data', visible(payload.toString('utf8', 8, 200)));
    const parts = [
      part(4, 'last stream', String(last), 'those after it were not looked at'),
      part(4, 'error', error),
      debug,
    ];
    return { parts: parts.filter(({ bytes }) => bytes > 0), says: error };
  }
  if (TYPES[type]) {
    return { parts: [unread(payload.length, 'payload')], says: '', wrong: `${nameOfType(type)} has another length` };
  }
  return { parts: [part(payload.length, 'payload', '', 'of a type that is to be ignored')], says: '' };
}

function settingsContent(
  payload: Buffer,
  part: (bytes: number, name: string, value: string, meaning?: string) => Part,
): ControlContent {
  const parts: Part[] = [];
  for (let at = 0; at < payload.length; at += 6) {
    const id = payload.readUInt16BE(at);
    parts.push(
      part(6, SETTINGS[id] ?? `setting ${id}`, String(payload.readUInt32BE(at + 2)), 'two bytes name, four value'),
    );
  }
  return { parts, says: parts.map(({ name, value }) => `${name}=${value}`).join(' ') };
}

function errorName(code: number): string {
  return ERRORS[code] ?? `error 0x${code.toString(16)}`;
}
