import { isUtf8 } from 'node:buffer';
import type { Direction, PartKind } from '../inspection.js';
import { Draft, MAX_UNITS, preview, TOO_MANY, unread, unreadUnit, visible } from '../inspection-draft.js';
import { closeCode } from './close-codes.js';
import { Inflation } from './decode-deflate.js';
import { type FrameHead, isControl, maskedBy, OPCODES, readHead } from './decode-head.js';

export interface FrameOptions {
  readonly direction: Direction;
  /** Of the first frame in its direction. */
  readonly offset: number;
  /** permessage-deflate was agreed upon. `keepsContext`: over messages of this direction. */
  readonly deflate: { readonly keepsContext: boolean } | null;
  /** Bytes of a message before its body, of a subprotocol that puts something there; 0: none. */
  readonly prefixBytes: (message: Buffer) => number;
}

/** Reads frames (RFC 6455, 5.2) to the end of the bytes. */
export function decodeFrames(bytes: Buffer, options: FrameOptions): Draft[] {
  const drafts: Draft[] = [];
  const messages = new Messages(options);
  for (let at = 0; at < bytes.length; ) {
    if (drafts.length >= MAX_UNITS) {
      drafts.push(unreadUnit(options.direction, options.offset + at, bytes.length - at, TOO_MANY));
      break;
    }
    const draft = new Draft(options.direction, options.offset + at, 'frame');
    drafts.push(draft);
    const head = readHead(bytes.subarray(at));
    if (!head) {
      draft.title = 'frame, cut';
      draft.add(unread(bytes.length - at, 'bytes')).note('wrong', 'the head of a frame was cut');
      break;
    }
    const start = at + head.bytes;
    const available = bytes.subarray(start, start + Math.min(head.payloadBytes, bytes.length - start));
    const cut = available.length < head.payloadBytes;
    const payload = head.mask ? maskedBy(available, head.mask) : available;
    describe(draft, head, options.direction);
    if (isControl(head.opcode)) addControl(draft, head, payload, cut);
    else messages.add(draft, head, payload, cut);
    if (cut) draft.note('wrong', `the frame was cut: ${available.length} of ${head.lengthText} B came`);
    at = start + available.length;
  }
  return drafts;
}

/** What its head says that the protocol has an opinion of. */
function describe(
  draft: Draft,
  { opcode, mask, minimal, negative, fin, payloadBytes }: FrameHead,
  direction: Direction,
) {
  draft.title = OPCODES[opcode]?.title ?? `opcode 0x${opcode.toString(16)}`;
  if (!OPCODES[opcode]) draft.note('wrong', 'an opcode that is reserved');
  if (direction === 'up' && !mask) draft.note('wrong', 'a frame of a client must be masked');
  if (direction === 'down' && mask) draft.note('wrong', 'a frame of a server must not be masked');
  if (!minimal) draft.note('wrong', 'the length has a shorter form, which must be taken');
  if (negative) draft.note('wrong', 'the first bit of a length of 64 bits must be 0');
  if (isControl(opcode) && !fin) draft.note('wrong', 'a control frame must not be fragmented');
  if (isControl(opcode) && payloadBytes > 125) draft.note('wrong', 'a control frame has 125 B at most');
}

function addControl(draft: Draft, head: FrameHead, payload: Buffer, cut: boolean): void {
  const isClose = head.opcode === 0x8;
  const kind: PartKind = isClose ? 'flowControl' : 'heartbeats';
  head.addTo(draft, kind);
  if (head.rsv !== 0) draft.note('wrong', 'RSV bits are for messages that an extension changed');
  if (!isClose) {
    draft.says = preview(payload);
    draft.add({ bytes: payload.length, kind, name: 'payload', value: preview(payload), meaning: 'a pong repeats it' });
    return;
  }
  if (payload.length === 0 && !cut) draft.note('fact', 'without a code: the other side reads 1005');
  if (payload.length < 2) {
    draft.add(unread(payload.length, 'code'));
    if (payload.length === 1 && !cut) draft.note('wrong', 'a code has two bytes');
    return;
  }
  const code = payload.readUInt16BE(0);
  const { meaning, sendable } = closeCode(code);
  const reason = payload.subarray(2);
  draft.title = `close ${code}`;
  draft.says = preview(reason);
  draft.add({ bytes: 2, kind, name: 'code', value: String(code), meaning });
  draft.add({ bytes: reason.length, kind, name: 'reason', value: visible(reason.toString()), meaning: 'for people' });
  if (!sendable) draft.note('wrong', `code ${code} must not be in a frame`);
  if (!cut && !isUtf8(reason)) draft.note('wrong', 'the reason is no UTF-8');
}

/** Messages of one direction, each in one frame or in several. */
class Messages {
  readonly #options: FrameOptions;
  readonly #inflation: Inflation | null;
  #open: { readonly text: boolean; readonly compressed: boolean; readonly fragments: Buffer[] } | null = null;

  constructor(options: FrameOptions) {
    this.#options = options;
    this.#inflation = options.deflate && new Inflation(options.deflate.keepsContext);
  }

  add(draft: Draft, head: FrameHead, payload: Buffer, cut: boolean): void {
    head.addTo(draft, 'framing');
    const continues = head.opcode === 0x0;
    if (continues && !this.#open) draft.note('wrong', 'nothing is there to go on with');
    if (!continues && this.#open) draft.note('wrong', 'the message before has not ended');
    const compressed = (head.rsv & 0b100) !== 0;
    if ((compressed && (continues || !this.#options.deflate)) || (head.rsv & 0b011) !== 0) {
      draft.note('wrong', 'RSV bits that no extension was agreed upon for');
    }
    const first = this.#open === null || !continues;
    if (first) this.#open = { text: head.opcode === 0x1, compressed, fragments: [] };
    this.#addPayload(draft, payload, first && !compressed);
    const message = this.#open;
    message?.fragments.push(payload);
    if (!head.fin) draft.title += ', first of several';
    if (!head.fin || cut || !message) return;
    this.#open = null;
    this.#check(draft, message.text, this.#inflated(draft, message));
  }

  #addPayload(draft: Draft, payload: Buffer, beginsMessage: boolean): void {
    const prefixBytes = beginsMessage ? this.#options.prefixBytes(payload) : 0;
    const body = payload.subarray(prefixBytes);
    const id = payload.toString('latin1', 0, prefixBytes);
    const meaning = 'of the subprotocol: the id of the message, to go on after it';
    draft.add({ bytes: prefixBytes, kind: 'framing', name: 'id', value: id, meaning });
    draft.says = preview(body);
    draft.add({ bytes: body.length, kind: 'payload', name: 'payload', value: preview(body), meaning: '' });
  }

  /** `null`: it cannot be. */
  #inflated(draft: Draft, { compressed, fragments }: { compressed: boolean; fragments: Buffer[] }): Buffer | null {
    const whole = Buffer.concat(fragments);
    if (!compressed || !this.#inflation) return whole;
    const message = this.#inflation.inflate(whole);
    if (typeof message === 'string') {
      draft.note('wrong', `cannot be inflated: ${message}`);
      return null;
    }
    draft.says = `${preview(message)} (deflated)`;
    draft.note('fact', `RSV1: deflated; ${whole.length} B inflate to ${message.length} B: ${preview(message)}`);
    return message;
  }

  #check(draft: Draft, text: boolean, message: Buffer | null): void {
    if (text && message && !isUtf8(message)) draft.note('wrong', 'a text that is no UTF-8');
  }
}
