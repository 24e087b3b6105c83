import type { FieldStamp, StampUnit } from '../scenario/stamp.js';
import { JsonPlace } from './json-place.js';
import { StampValue } from './stamp-value.js';

/** Of a message only so much is looked at: a server may send what it likes. */
export const MAX_LOOKED_AT_BYTES = 64 * 1024;
const MAX_MATCH_CHARACTERS = 64;

/** µs of one step of a number without a fraction. */
const STEP_US: Readonly<Record<Exclude<StampUnit, 'sequence'>, number>> = {
  s: 1_000_000,
  ms: 1_000,
  us: 1,
  ns: 0.001,
  iso: 1_000_000,
};

/** Reads the stamp of a message: a time in µs since 1970, or a sequence number. */
export class StampReader {
  readonly #unit: StampUnit;
  readonly #value = new StampValue();
  readonly #place: JsonPlace | undefined;
  readonly #pattern: RegExp | undefined;
  readonly #match = new Uint8Array(MAX_MATCH_CHARACTERS);
  #mostDigits = 0;

  constructor({ place, unit }: FieldStamp) {
    this.#unit = unit;
    if (place.kind === 'pointer') this.#place = new JsonPlace(place.tokens);
    else this.#pattern = new RegExp(place.source);
  }

  /** NaN: the message carries none. By a pointer nothing is allocated; by an expression the text of the message is. */
  read(body: Uint8Array): number {
    const seen = body.length > MAX_LOOKED_AT_BYTES ? body.subarray(0, MAX_LOOKED_AT_BYTES) : body;
    if (this.#place === undefined) return this.#readMatch(seen);
    const at = this.#place.find(seen);
    return at < 0 ? Number.NaN : this.#readAt(seen, at, seen.length);
  }

  /** The finest step that the server's times were seen to have, µs; 0 where they are no times. */
  get resolutionUs(): number {
    return this.#unit === 'sequence' ? 0 : STEP_US[this.#unit] / 10 ** this.#mostDigits;
  }

  #readMatch(body: Uint8Array): number {
    const found = this.#pattern?.exec(Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1'));
    const text = found?.[1] ?? found?.[0];
    if (text === undefined || text.length > MAX_MATCH_CHARACTERS) return Number.NaN;
    for (let i = 0; i < text.length; i++) this.#match[i] = text.charCodeAt(i);
    return this.#readAt(this.#match, 0, text.length);
  }

  #readAt(body: Uint8Array, at: number, end: number): number {
    const unit = this.#unit;
    if (unit === 'iso') return this.#noteDigits(this.#value.readIsoUs(body, at, end));
    const value = this.#value.readNumber(body, at, end);
    if (unit === 'sequence') return Number.isSafeInteger(value) ? value : Number.NaN;
    return this.#noteDigits(value * STEP_US[unit]);
  }

  #noteDigits(us: number): number {
    const { fractionDigits } = this.#value;
    if (fractionDigits > this.#mostDigits && !Number.isNaN(us)) this.#mostDigits = fractionDigits;
    return us;
  }
}
