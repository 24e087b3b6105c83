import type { Part } from '../inspection.js';
import { type Draft, fill, type Slot } from '../inspection-draft.js';

/** What a connection of HTTP/1.1 or HTTP/2 said, with room for whoever reads the bodies. */
export interface Conversation {
  readonly drafts: readonly Draft[];
  readonly exchanges: readonly HttpExchange[];
  /** Where another protocol begins after a 101, by direction; absent: none does. */
  readonly tail?: { readonly up: number; readonly down: number };
}

/** A request and the answer to it. */
export interface HttpExchange {
  readonly request: HttpMessage | undefined;
  /** The last one: those of 1xx before it are drafts only. */
  readonly response: HttpMessage | undefined;
}

export interface HttpMessage {
  /** Of a request. */
  readonly method: string;
  /** Path and query of a request. */
  readonly target: string;
  /** Of a response; 0: of a request. */
  readonly status: number;
  /** By name in lower case; of those that come several times, the first. */
  readonly fields: ReadonlyMap<string, string>;
  /** Everything that belongs to it, the head first. */
  readonly drafts: readonly Draft[];
  /** Room for its body, in order. */
  readonly slots: readonly Slot[];
  readonly body: Buffer;
  /** Its end was seen. */
  readonly complete: boolean;
}

/** Draft and slots of a message, as they come. */
export interface OpenMessage {
  method: string;
  target: string;
  status: number;
  readonly fields: Map<string, string>;
  readonly drafts: Draft[];
  readonly slots: Slot[];
  readonly chunks: Buffer[];
  complete: boolean;
}

export function openMessage(): OpenMessage {
  return { method: '', target: '', status: 0, fields: new Map(), drafts: [], slots: [], chunks: [], complete: false };
}

export function closeMessage({ chunks, ...message }: OpenMessage): HttpMessage {
  return { ...message, body: Buffer.concat(chunks) };
}

/** Puts some of a message's body into a unit. */
export function addBody(message: OpenMessage, draft: Draft, bytes: Buffer): void {
  if (bytes.length === 0) return;
  message.slots.push(draft.addSlot(bytes.length));
  message.chunks.push(bytes);
}

/** Takes a message's body as one thing. */
export function fillWhole({ slots, body }: HttpMessage, part: Omit<Part, 'bytes'>): void {
  fill(slots, [{ ...part, bytes: body.length }]);
}
