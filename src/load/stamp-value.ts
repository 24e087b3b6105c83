const QUOTE = 0x22;
const MINUS = 0x2d;
const PLUS = 0x2b;
const DOT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const UPPER_T = 0x54;
const UPPER_Z = 0x5a;
const LOWER_T = 0x74;
const LOWER_Z = 0x7a;
const SPACE = 0x20;

const MAX_DIGITS = 20;

/**
 * Reads a number or a time of ISO 8601 from bytes, with or without quotes around it, without allocating. What it read
 * last stands in its fields.
 */
export class StampValue {
  /** Whether what was read may go on behind the end. */
  reachedEnd = false;
  #body: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;

  /** A decimal number; NaN: there is none. */
  readNumber(body: Uint8Array, at: number, end: number): number {
    this.#begin(body, at, end);
    const isNegative = this.#take(MINUS);
    const from = this.#at;
    const whole = this.#digits(MAX_DIGITS);
    if (this.#at === from) return Number.NaN;
    const value = whole + this.#fraction();
    // An exponent, what is no number after all, or one that is too long.
    if (isWordByte(this.#peek())) return Number.NaN;
    return isNegative ? -value : value;
  }

  /** `2026-01-31T12:00:00.123Z`, in µs since 1970; its zone may be `+02:00` or `+02`, and without one it is UTC. NaN: there is none. */
  readIsoUs(body: Uint8Array, at: number, end: number): number {
    this.#begin(body, at, end);
    const year = this.#exactly(4);
    const month = this.#take(MINUS) ? this.#exactly(2) : Number.NaN;
    const day = this.#take(MINUS) ? this.#exactly(2) : Number.NaN;
    const parts = this.#take(UPPER_T) || this.#take(LOWER_T) || this.#take(SPACE);
    const hour = parts ? this.#exactly(2) : Number.NaN;
    const minute = this.#take(COLON) ? this.#exactly(2) : Number.NaN;
    const second = this.#take(COLON) ? this.#exactly(2) : 0;
    const fraction = this.#fraction();
    const zoneMinutes = this.#zoneMinutes();
    const wholeMs = Date.UTC(year, month - 1, day, hour, minute - zoneMinutes, second);
    return wholeMs * 1_000 + fraction * 1_000_000;
  }

  #begin(body: Uint8Array, at: number, end: number): void {
    this.#body = body;
    this.#end = end;
    this.#at = body[at] === QUOTE ? at + 1 : at;
    this.reachedEnd = false;
  }

  #peek(): number {
    if (this.#at < this.#end) return this.#body[this.#at] ?? 0;
    this.reachedEnd = true;
    return 0;
  }

  #take(byte: number): boolean {
    if (this.#peek() !== byte) return false;
    this.#at++;
    return true;
  }

  #digits(most: number): number {
    let value = 0;
    for (let taken = 0; taken < most; taken++) {
      const digit = this.#peek() - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      this.#at++;
    }
    return value;
  }

  #exactly(count: number): number {
    const from = this.#at;
    const value = this.#digits(count);
    return this.#at - from === count ? value : Number.NaN;
  }

  #fraction(): number {
    if (!this.#take(DOT)) return 0;
    const from = this.#at;
    const value = this.#digits(MAX_DIGITS);
    return value / 10 ** (this.#at - from);
  }

  /** `Z`, `+02:00`, `+0200`, `+02`; a space may stand before a sign. Nothing, or a word: UTC. */
  #zoneMinutes(): number {
    if (this.#take(UPPER_Z) || this.#take(LOWER_Z)) return 0;
    const from = this.#at;
    const isApart = this.#take(SPACE);
    const sign = this.#take(PLUS) ? 1 : this.#take(MINUS) ? -1 : 0;
    const hours = sign === 0 ? 0 : this.#exactly(2);
    if (isApart && (sign === 0 || Number.isNaN(hours))) {
      // A text that goes on after its time.
      this.#at = from;
      return 0;
    }
    if (sign === 0) return 0;
    const hasMinutes = this.#take(COLON) || isDigit(this.#peek());
    return sign * (hours * 60 + (hasMinutes ? this.#exactly(2) : 0));
  }
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9;
}

function isWordByte(byte: number): boolean {
  return isDigit(byte) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte === DOT;
}
