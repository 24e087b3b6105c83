import type { Direction, Streams } from '../inspection.js';
import {
  Draft,
  fill,
  MAX_UNITS,
  preview,
  type Slot,
  TOO_MANY,
  unread,
  unreadUnit,
  visible,
} from '../inspection-draft.js';
import { addBody, type Conversation, closeMessage, type OpenMessage, openMessage } from './conversation.js';
import { HpackReader } from './decode-hpack.js';
import {
  FRAME_HEAD_BYTES,
  type FrameHead,
  flagNames,
  headParts,
  nameOfType,
  PREFACE,
  readControl,
  readFrameHead,
  TYPE,
} from './decode-http2-frames.js';

/** Reads a connection of HTTP/2 with prior knowledge (RFC 9113). */
export function decodeHttp2(streams: Streams): Conversation {
  const up = new Way('up', streams.up);
  const down = new Way('down', streams.down);
  up.readAll();
  down.readAll();
  const exchanges = [...new Set([...up.messages.keys(), ...down.messages.keys()])].map((stream) => {
    const [request, response] = [up.messages.get(stream), down.messages.get(stream)];
    return { request: request && closeMessage(request), response: response && closeMessage(response) };
  });
  return { drafts: [...up.drafts, ...down.drafts], exchanges };
}

/** A header block that goes on in CONTINUATION. */
interface OpenBlock {
  readonly stream: number;
  readonly isPromise: boolean;
  readonly draft: Draft;
  readonly slots: Slot[];
  readonly chunks: Buffer[];
}

/** One direction of a connection. */
class Way {
  readonly #direction: Direction;
  readonly #bytes: Buffer;
  readonly #hpack: HpackReader;
  readonly drafts: Draft[] = [];
  /** By stream. */
  readonly messages = new Map<number, OpenMessage>();
  #block: OpenBlock | undefined;

  constructor(direction: Direction, bytes: Buffer) {
    this.#direction = direction;
    this.#bytes = bytes;
    this.#hpack = new HpackReader(direction);
  }

  readAll(): void {
    let at = this.#direction === 'up' ? this.#readPreface() : 0;
    while (at < this.#bytes.length) {
      const left = this.#bytes.length - at;
      const why =
        this.drafts.length >= MAX_UNITS
          ? TOO_MANY
          : left < FRAME_HEAD_BYTES
            ? 'the head of a frame was cut'
            : undefined;
      if (why !== undefined) {
        this.drafts.push(unreadUnit(this.#direction, at, left, why));
        break;
      }
      at += this.#readFrame(at);
    }
    if (this.#block) this.#endBlock(this.#block, 'the header block does not end');
  }

  #readPreface(): number {
    const bytes = this.#bytes.length;
    if (this.#bytes.subarray(0, PREFACE.length).equals(PREFACE)) {
      const value = visible(PREFACE.toString());
      const meaning = 'a server that knows HTTP/1.1 alone refuses it';
      const draft = new Draft('up', 0, 'connection preface');
      this.drafts.push(draft.add({ bytes: PREFACE.length, kind: 'headers', name: 'preface', value, meaning }));
      return PREFACE.length;
    }
    if (bytes > 0) this.drafts.push(unreadUnit('up', 0, bytes, 'no connection preface of HTTP/2'));
    return bytes;
  }

  /** Returns its length. */
  #readFrame(at: number): number {
    const head = readFrameHead(this.#bytes.subarray(at, at + FRAME_HEAD_BYTES));
    const start = at + FRAME_HEAD_BYTES;
    const payload = this.#bytes.subarray(start, start + head.payloadBytes);
    const draft = new Draft(this.#direction, at, titleOf(head));
    this.drafts.push(draft);
    for (const part of headParts(head)) draft.add(part);
    if (payload.length < head.payloadBytes) {
      draft.add(unread(payload.length, 'payload'));
      draft.note('wrong', `the frame was cut: ${payload.length} of ${head.payloadBytes} B came`);
    } else this.#readPayload(draft, head, payload);
    return FRAME_HEAD_BYTES + payload.length;
  }

  #readPayload(draft: Draft, head: FrameHead, payload: Buffer): void {
    switch (head.type) {
      case TYPE.data:
        this.#readData(draft, head, payload);
        break;
      case TYPE.headers:
      case TYPE.pushPromise:
        this.#readHeaders(draft, head, payload);
        break;
      case TYPE.continuation:
        this.#readContinuation(draft, head, payload);
        break;
      default: {
        const { parts, says, wrong } = readControl(head.type, payload);
        for (const part of parts) draft.add(part);
        draft.says = says;
        if (wrong !== undefined) draft.note('wrong', wrong);
      }
    }
  }

  #readData(draft: Draft, head: FrameHead, payload: Buffer): void {
    const message = this.#messageOf(head.stream);
    message.drafts.push(draft);
    const content = withoutPadding(draft, head, payload, 'framing');
    if (!content) return;
    addBody(message, draft, content.bytes);
    draft.says = preview(content.bytes);
    content.endPadding();
    if ((head.flags & 0x1) !== 0) message.complete = true;
  }

  #readHeaders(draft: Draft, head: FrameHead, payload: Buffer): void {
    if (this.#block) this.#endBlock(this.#block, 'the header block does not end');
    const content = withoutPadding(draft, head, payload, 'headers');
    if (!content) return;
    const isPromise = head.type === TYPE.pushPromise;
    const extra = isPromise ? 4 : (head.flags & 0x20) !== 0 ? 5 : 0;
    if (content.bytes.length < extra) {
      draft.add(unread(content.bytes.length, 'payload')).note('wrong', `${nameOfType(head.type)} has another length`);
      content.endPadding();
      return;
    }
    const name = isPromise ? 'promised stream' : 'priority';
    draft.add({ bytes: extra, kind: 'headers', name, value: '', meaning: isPromise ? '' : 'an advice of old' });
    const block = { stream: head.stream, isPromise, draft, slots: [], chunks: [] };
    this.#addFragment(block, draft, head, content.bytes.subarray(extra));
    content.endPadding();
    if (!isPromise && (head.flags & 0x1) !== 0) this.#messageOf(head.stream).complete = true;
  }

  #readContinuation(draft: Draft, head: FrameHead, payload: Buffer): void {
    const block = this.#block;
    if (block?.stream === head.stream) this.#addFragment(block, draft, head, payload);
    else draft.add(unread(payload.length, 'fragment')).note('wrong', 'there is no header block to go on with');
  }

  #addFragment(block: OpenBlock, draft: Draft, head: FrameHead, fragment: Buffer): void {
    if (!block.isPromise) this.#messageOf(block.stream).drafts.push(draft);
    block.slots.push(draft.addSlot(fragment.length));
    block.chunks.push(fragment);
    this.#block = block;
    if ((head.flags & 0x4) !== 0) this.#endBlock(block);
  }

  #endBlock(block: OpenBlock, cut?: string): void {
    this.#block = undefined;
    const { draft, slots, chunks, stream, isPromise } = block;
    const { parts, fields, wrong = cut } = this.#hpack.read(Buffer.concat(chunks));
    fill(slots, parts);
    if (wrong !== undefined) draft.note('wrong', wrong);
    draft.says = sayFields(fields);
    if (!isPromise) takeFields(this.#messageOf(stream), fields);
  }

  #messageOf(stream: number): OpenMessage {
    const known = this.messages.get(stream);
    if (known) return known;
    const message = openMessage();
    this.messages.set(stream, message);
    return message;
  }
}

function titleOf(head: FrameHead): string {
  const stream = head.stream === 0 ? '' : ` stream ${head.stream}`;
  const flags = flagNames(head).filter((name) => name === 'END_STREAM' || name === 'ACK');
  return [`${nameOfType(head.type)}${stream}`, ...flags].join(' ');
}

/** Fields of the head, or of the end after a body. What a head and an end both have, the head keeps. */
function takeFields(message: OpenMessage, fields: readonly (readonly [string, string])[]): void {
  for (const [name, value] of fields) {
    if (name === ':method') message.method = value;
    else if (name === ':path') message.target = value;
    else if (name === ':status') message.status = Number(value);
    else if (!message.fields.has(name)) message.fields.set(name, value);
  }
}

function sayFields(fields: readonly (readonly [string, string])[]): string {
  const of = (wanted: string) => fields.find(([name]) => name === wanted)?.[1];
  const [method, path, status, grpcStatus] = [':method', ':path', ':status', 'grpc-status'].map(of);
  const said = [
    method && `${method} ${path ?? ''}`,
    status && `:status ${status}`,
    grpcStatus && `grpc-status ${grpcStatus}`,
  ];
  return visible(said.filter((text) => text !== undefined && text !== '').join(' '));
}

interface Content {
  readonly bytes: Buffer;
  /** Adds what stands after them. */
  endPadding(): void;
}

/** RFC 9113, 6.1: a length, and as many bytes at the end. `undefined`: there is less than that. */
function withoutPadding(
  draft: Draft,
  head: FrameHead,
  payload: Buffer,
  kind: 'framing' | 'headers',
): Content | undefined {
  if ((head.flags & 0x8) === 0) return { bytes: payload, endPadding() {} };
  const [padding = 0] = payload;
  if (padding + 1 > payload.length) {
    draft.add(unread(payload.length, 'payload')).note('wrong', 'more padding than there is room for');
    return undefined;
  }
  draft.add({ bytes: 1, kind, name: 'padding length', value: String(padding), meaning: '' });
  return {
    bytes: payload.subarray(1, payload.length - padding),
    endPadding() {
      draft.add({ bytes: padding, kind, name: 'padding', value: '', meaning: 'hides how long the content is' });
    },
  };
}
