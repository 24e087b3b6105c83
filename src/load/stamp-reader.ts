import type { FieldStamp, StampUnit } from '../scenario/stamp.js';
import { JsonPlace } from './json-place.js';
import { StampValue } from './stamp-value.js';

/** Of a message only so much is looked at: a server may send what it likes. */
export const MAX_LOOKED_AT_BYTES = 64 * 1024;
const MAX_MATCH_CHARACTERS = 64;

/** µs of one. */
const UNIT_US: Readonly<Record<Exclude<StampUnit, 'sequence'>, number>> = {
  s: 1_000_000,
  ms: 1_000,
  us: 1,
  ns: 0.001,
  iso: 1_000_000,
};
/** A server's clock is taken to be no coarser. */
const COARSEST_STEP_US = 1_000_000;

/** Reads the stamp of a message: a time in µs since 1970, or a sequence number. */
export class StampReader {
  readonly #unit: StampUnit;
  readonly #value = new StampValue();
  readonly #place: JsonPlace | undefined;
  readonly #pattern: RegExp | undefined;
  readonly #match = new Uint8Array(MAX_MATCH_CHARACTERS);
  /** The largest power of ten that divides all times so far. */
  #stepUs = COARSEST_STEP_US;

  constructor({ place, unit }: FieldStamp) {
    this.#unit = unit;
    if (place.kind === 'pointer') this.#place = new JsonPlace(place.tokens);
    else this.#pattern = new RegExp(place.source);
  }

  /** NaN: the message carries none. By a pointer nothing is allocated; by an expression the text of the message is. */
  read(body: Uint8Array): number {
    const isCut = body.length > MAX_LOOKED_AT_BYTES;
    const seen = isCut ? body.subarray(0, MAX_LOOKED_AT_BYTES) : body;
    if (this.#place === undefined) return this.#readMatch(seen, isCut);
    const at = this.#place.find(seen);
    if (at < 0) return Number.NaN;
    const value = this.#readAt(seen, at, seen.length);
    // What goes on behind what was looked at may be another number.
    return isCut && this.#value.reachedEnd ? Number.NaN : this.#noteStep(value);
  }

  /**
   * The steps that the server's times were seen to go in, however many digits are written: the largest power of ten
   * that divides them all, from 1 µs to 1 s; 0 where they are no times.
   */
  get resolutionUs(): number {
    return this.#unit === 'sequence' ? 0 : this.#stepUs;
  }

  #readMatch(body: Uint8Array, isCut: boolean): number {
    const found = this.#pattern?.exec(Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1'));
    if (!found) return Number.NaN;
    const [whole] = found;
    const text = found[1] ?? whole;
    if (text.length > MAX_MATCH_CHARACTERS) return Number.NaN;
    if (isCut && found.index + whole.length === body.length && whole.endsWith(text)) return Number.NaN;
    for (let i = 0; i < text.length; i++) this.#match[i] = text.charCodeAt(i);
    return this.#noteStep(this.#readAt(this.#match, 0, text.length));
  }

  #readAt(body: Uint8Array, at: number, end: number): number {
    const unit = this.#unit;
    if (unit === 'iso') return this.#value.readIsoUs(body, at, end);
    const value = this.#value.readNumber(body, at, end);
    if (unit === 'sequence') return Number.isSafeInteger(value) ? value : Number.NaN;
    return value * UNIT_US[unit];
  }

  /** In whole µs: a double of 1.8e18 ns is exact to a quarter of one, and one of 1.8e9 s as well. */
  #noteStep(us: number): number {
    if (this.#unit === 'sequence' || Number.isNaN(us)) return us;
    const wholeUs = Math.round(us);
    while (this.#stepUs > 1 && wholeUs % this.#stepUs !== 0) this.#stepUs /= 10;
    return us;
  }
}
