import type { Direction, Note, Part, PartKind, Unit } from './inspection.js';

/** Longest preview of a text, characters. */
const PREVIEW_CHARACTERS = 120;

/** Most units of a direction, and most parts of a body, that are told apart: a peer decides how many there are. */
export const MAX_UNITS = 20_000;
export const TOO_MANY = `more than ${MAX_UNITS} units: those after them are not told apart`;

/** Room in a unit for content that another layer reads. */
export interface Slot {
  readonly bytes: number;
  /** What it holds, once that has been read. */
  parts: readonly Part[];
}

/** A unit in the making. */
export class Draft {
  readonly direction: Direction;
  readonly offset: number;
  title: string;
  says = '';
  /** What all of it is for; `undefined`: as its parts are. */
  kind: PartKind | undefined;
  readonly notes: Note[] = [];
  readonly #pieces: (Part | Slot)[] = [];

  constructor(direction: Direction, offset: number, title: string) {
    this.direction = direction;
    this.offset = offset;
    this.title = title;
  }

  add(part: Part): this {
    if (part.bytes > 0) this.#pieces.push(part);
    return this;
  }

  /** Adds room for so many bytes of content. */
  addSlot(bytes: number): Slot {
    const slot: Slot = { bytes, parts: [] };
    if (bytes > 0) this.#pieces.push(slot);
    return slot;
  }

  note(state: Note['state'], text: string): this {
    this.notes.push({ state, text });
    return this;
  }

  get bytes(): number {
    return this.#pieces.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** What was read of the content in those of its slots that are among these. */
  contentIn(slots: ReadonlySet<Slot>): readonly Part[] {
    return this.#pieces.flatMap((piece) => ('parts' in piece && slots.has(piece) ? piece.parts : []));
  }

  finish(): Unit {
    const { direction, offset, title, says, notes, kind } = this;
    const parts = this.#pieces
      .flatMap((piece) => ('parts' in piece ? slotParts(piece) : [piece]))
      .map((part) => (kind === undefined || part.kind === 'unread' ? part : recast(part, kind)));
    return { direction, offset, title, says, parts, notes };
  }
}

function recast({ escapeBytes: _, ...part }: Part, kind: PartKind): Part {
  return { ...part, kind };
}

function slotParts({ bytes, parts }: Slot): readonly Part[] {
  const filled = parts.reduce((sum, part) => sum + part.bytes, 0);
  return filled === bytes ? parts : [...parts, unread(bytes - filled, 'content')];
}

/** Puts the parts of some content into the slots it came in; a part that begins in one and ends in another is cut. */
export function fill(slots: readonly Slot[], parts: readonly Part[]): void {
  let next = 0;
  let rest = parts[0];
  for (const slot of slots) {
    const taken: Part[] = [];
    for (let room = slot.bytes; room > 0 && rest; ) {
      const bytes = Math.min(room, rest.bytes);
      taken.push(cutTo(rest, bytes));
      room -= bytes;
      rest = bytes < rest.bytes ? continued(rest, rest.bytes - bytes) : parts[++next];
    }
    slot.parts = taken;
  }
}

function cutTo({ escapeBytes, ...part }: Part, bytes: number): Part {
  return { ...part, bytes, ...(escapeBytes !== undefined && { escapeBytes: Math.min(escapeBytes, bytes) }) };
}

function continued({ name, kind }: Part, bytes: number): Part {
  return { bytes, kind, name: name.endsWith(', continued') ? name : `${name}, continued`, value: '', meaning: '' };
}

export function unread(bytes: number, name: string, meaning = ''): Part {
  return { bytes, kind: 'unread', name, value: '', meaning };
}

/** A unit of bytes that cannot be read, and why. */
export function unreadUnit(direction: Direction, offset: number, bytes: number, why: string): Draft {
  return new Draft(direction, offset, 'not understood').add(unread(bytes, 'bytes')).note('wrong', why);
}

/** The beginning of a text of bytes, in one line without control characters; of what is no text, its length. */
export function preview(bytes: Uint8Array, maxCharacters = PREVIEW_CHARACTERS): string {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4 * maxCharacters));
  const text = head.toString('utf8');
  // A character may be cut at the end of the head.
  if (text.slice(0, -1).includes('\uFFFD')) return `${bytes.length} B, binary`;
  return shorten(visible(text), maxCharacters);
}

/** With line ends and other control characters made visible. */
export function visible(text: string): string {
  return [...text].map((character) => VISIBLE[character] ?? plain(character)).join('');
}

const VISIBLE: Readonly<Record<string, string>> = { '\n': '⏎', '\r': '␍', '\t': '⇥' };

/** Nothing of a peer's may steer a terminal. */
function plain(character: string): string {
  return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(character) ? '·' : character;
}

export function shorten(text: string, maxCharacters: number): string {
  return text.length > maxCharacters ? `${text.slice(0, maxCharacters - 1)}…` : text;
}
