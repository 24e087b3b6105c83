import hpack from 'hpack.js';
import type { Direction, Part } from '../inspection.js';
import { shorten, unread, visible } from '../inspection-draft.js';
import { fieldMeaning } from './field-meanings.js';

/** Until SETTINGS says otherwise (RFC 9113, 6.5.2), and the most that a peer may make of it. */
const TABLE_BYTES = 4_096;
const MAX_TABLE_BYTES = 64 * 1024;
/** A field of one byte can stand for thousands: most that are told apart on a connection. */
const MAX_FIELDS = 20_000;
const MAX_VALUE_CHARACTERS = 200;

export interface HeaderBlock {
  /** They cover the block. */
  readonly parts: readonly Part[];
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** Why it could not be read to its end; absent: it was. */
  readonly wrong?: string;
}

/** Reads the header blocks of one direction in their order (RFC 7541): each refers to those before it. */
export class HpackReader {
  readonly #direction: Direction;
  readonly #decompressor = hpack.decompressor.create({ table: { maxSize: MAX_TABLE_BYTES } });
  #fields = 0;
  #failure: string | undefined;

  constructor(direction: Direction) {
    this.#direction = direction;
    this.#decompressor.updateTableSize(TABLE_BYTES);
    this.#decompressor.on('error', (error: Error) => {
      this.#failure ??= `the header block is not HPACK: ${error.message}`;
    });
  }

  read(block: Buffer): HeaderBlock {
    const parts: Part[] = [];
    const fields: (readonly [string, string])[] = [];
    for (let at = 0; at < block.length && this.#failure === undefined; ) {
      const form = formAt(block, at);
      if (!form) this.#failure = 'the header block is not HPACK: a field is cut';
      else if (++this.#fields > MAX_FIELDS) this.#failure = `more than ${MAX_FIELDS} fields`;
      else {
        const part = this.#readField(block.subarray(at, form.end), form, fields);
        if (part) parts.push(part);
        at = form.end;
      }
    }
    if (this.#failure === undefined) return { parts, fields };
    const left = block.length - parts.reduce((sum, { bytes }) => sum + bytes, 0);
    return { parts: [...parts, ...(left > 0 ? [unread(left, 'header block')] : [])], fields, wrong: this.#failure };
  }

  #readField(bytes: Buffer, { how, kind }: Form, fields: (readonly [string, string])[]): Part | undefined {
    this.#decompressor.write(bytes);
    this.#decompressor.execute();
    if (this.#failure !== undefined) return undefined;
    const part = { bytes: bytes.length, kind: 'headers', meaning: how } as const;
    if (kind === 'size') return { ...part, name: 'table size', value: '' };
    const field = this.#decompressor.read();
    if (!field) {
      this.#failure = 'the header block is not HPACK: a field without a value';
      return undefined;
    }
    const { name, value } = field;
    fields.push([name, value]);
    const why = fieldMeaning(name, value, this.#direction);
    return {
      ...part,
      name: visible(shorten(name, MAX_VALUE_CHARACTERS)),
      value: visible(shorten(value, MAX_VALUE_CHARACTERS)),
      meaning: why === '' ? how : `${why}; ${how}`,
    };
  }
}

interface Form {
  readonly kind: 'field' | 'size';
  readonly how: string;
  readonly end: number;
}

/** How the field that begins at `at` is written, and where it ends; `undefined`: not here. RFC 7541, 6. */
function formAt(block: Buffer, at: number): Form | undefined {
  const first = block[at] ?? 0;
  if ((first & 0x80) !== 0) {
    const index = integerAt(block, at, 7);
    return index && { kind: 'field', how: `entry ${index.value} of the table`, end: index.end };
  }
  if ((first & 0xe0) === 0x20) {
    const size = integerAt(block, at, 5);
    return size && { kind: 'size', how: `the table has ${size.value} B from now on`, end: size.end };
  }
  const keeps = (first & 0x40) !== 0;
  const index = integerAt(block, at, keeps ? 6 : 4);
  const name = index?.value === 0 ? stringAt(block, index.end) : index && { end: index.end, huffman: false };
  const value = name && stringAt(block, name.end);
  if (!index || !name || !value) return undefined;
  const kept = keeps ? 'kept in the table' : (first & 0x10) !== 0 ? 'never to be kept' : 'not kept';
  const named = index.value === 0 ? 'written out' : `name of entry ${index.value}, value written out`;
  const huffman = name.huffman || value.huffman ? ', Huffman' : '';
  return { kind: 'field', how: `${named}${huffman}, ${kept}`, end: value.end };
}

/** An integer with a prefix of so many bits (RFC 7541, 5.1); `undefined`: it is cut, or larger than 32 bits. */
function integerAt(block: Buffer, at: number, prefixBits: number): { value: number; end: number } | undefined {
  const max = 2 ** prefixBits - 1;
  const first = block[at];
  if (first === undefined) return undefined;
  let value = first & max;
  if (value < max) return { value, end: at + 1 };
  for (let index = 1; index <= 5; index++) {
    const byte = block[at + index];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * (index - 1));
    if ((byte & 0x80) === 0) return { value, end: at + index + 1 };
  }
  return undefined;
}

function stringAt(block: Buffer, at: number): { end: number; huffman: boolean } | undefined {
  const length = integerAt(block, at, 7);
  if (!length || length.end + length.value > block.length) return undefined;
  return { end: length.end + length.value, huffman: ((block[at] ?? 0) & 0x80) !== 0 };
}
