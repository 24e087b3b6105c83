import type { PartKind } from '../inspection.js';
import type { Draft } from '../inspection-draft.js';

export const OPCODES: Readonly<Record<number, { readonly title: string; readonly meaning: string }>> = {
  0: { title: 'continuation', meaning: 'goes on with the message' },
  1: { title: 'text', meaning: 'a message of UTF-8 text' },
  2: { title: 'binary', meaning: 'a message of bytes' },
  8: { title: 'close', meaning: 'the closing handshake' },
  9: { title: 'ping', meaning: 'a heartbeat, to be answered by a pong' },
  10: { title: 'pong', meaning: 'the answer to a ping' },
};

/** RFC 6455, 5.5: the first bit of the opcode. */
export function isControl(opcode: number): boolean {
  return opcode >= 0x8;
}

export interface FrameHead {
  readonly fin: boolean;
  /** RSV1, RSV2 and RSV3, the first of them the highest bit. */
  readonly rsv: number;
  readonly opcode: number;
  readonly mask: Buffer | null;
  /** Of its content; a length that no number holds is infinite. */
  readonly payloadBytes: number;
  /** The length, exactly. */
  readonly lengthText: string;
  /** Its length has the shortest form. */
  readonly minimal: boolean;
  /** The first bit of a length of 64 bits is set. */
  readonly negative: boolean;
  /** Of the head itself. */
  readonly bytes: number;
  /** Puts the parts of the head into a draft. */
  addTo(draft: Draft, kind: PartKind): void;
}

/** Reads the head of a frame; `undefined` where bytes end before it does. */
export function readHead(bytes: Buffer): FrameHead | undefined {
  if (bytes.length < 2) return undefined;
  const [first = 0, second = 0] = bytes;
  const short = second & 0x7f;
  const extendedBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const isMasked = (second & 0x80) !== 0;
  const headBytes = 2 + extendedBytes + (isMasked ? 4 : 0);
  if (bytes.length < headBytes) return undefined;
  const length = lengthOf(bytes, short);
  const mask = isMasked ? bytes.subarray(headBytes - 4, headBytes) : null;
  const [fin, rsv, opcode] = [(first & 0x80) !== 0, (first >> 4) & 0b111, first & 0x0f];
  return {
    fin,
    rsv,
    opcode,
    mask,
    payloadBytes: length <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(length) : Number.POSITIVE_INFINITY,
    lengthText: String(length),
    minimal: extendedBytes === 0 || length > (extendedBytes === 2 ? 125n : 65_535n),
    negative: length >= 1n << 63n,
    bytes: headBytes,
    addTo(draft, kind) {
      draft.add({ bytes: 1, kind, name: 'FIN, RSV, opcode', ...firstByte(fin, rsv, opcode) });
      draft.add({ bytes: 1, kind, name: 'MASK, length', ...secondByte(isMasked, short) });
      const name = `length, ${8 * extendedBytes} bits`;
      draft.add({ bytes: extendedBytes, kind, name, value: String(length), meaning: 'of the payload, in bytes' });
      const meaning = 'random: XOR with it hides the payload from caches that do not know the protocol';
      draft.add({ bytes: isMasked ? 4 : 0, kind, name: 'masking key', value: '', meaning });
    },
  };
}

function lengthOf(bytes: Buffer, short: number): bigint {
  if (short === 126) return BigInt(bytes.readUInt16BE(2));
  return short === 127 ? bytes.readBigUInt64BE(2) : BigInt(short);
}

function firstByte(fin: boolean, rsv: number, opcode: number) {
  const bits = rsv.toString(2).padStart(3, '0');
  const value = `FIN=${fin ? 1 : 0} RSV=${bits} opcode=0x${opcode.toString(16).toUpperCase()}`;
  const meaning = `${OPCODES[opcode]?.meaning ?? 'reserved'}${fin ? '' : '; more fragments follow'}`;
  return { value, meaning: (rsv & 0b100) === 0 ? meaning : `${meaning}; RSV1: compressed` };
}

function secondByte(isMasked: boolean, short: number) {
  const extended = short === 126 ? '; 126: 16 bits follow' : short === 127 ? '; 127: 64 bits follow' : '';
  const meaning = isMasked ? 'masked, as all of a client is' : 'not masked, as nothing of a server is';
  return { value: `MASK=${isMasked ? 1 : 0} length=${short}`, meaning: `${meaning}${extended}` };
}

/** XOR with the key, which also takes it back (RFC 6455, 5.3). */
export function maskedBy(bytes: Buffer, key: Buffer): Buffer {
  const unmasked = Buffer.allocUnsafe(bytes.length);
  for (let i = 0; i < bytes.length; i++) unmasked[i] = (bytes[i] ?? 0) ^ (key[i & 3] ?? 0);
  return unmasked;
}
