const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const SPACE = 0x20;
/** Bytes from which on calling a search costs less than going over them. */
const SHORT_TEXT = 32;

/** A part of a JSON pointer: the key as it stands in a document, and the index that it is in an array; −1: none. */
interface Token {
  readonly key: Uint8Array;
  readonly index: number;
}

/**
 * Finds the value that a JSON pointer names in the bytes of a document, by going over them once up to it. Nothing is
 * parsed and nothing allocated. A key that is written with escapes in the document is not recognised; of a key that is
 * there twice the first counts.
 */
export class JsonPlace {
  readonly #tokens: readonly Token[];
  #body: Uint8Array = new Uint8Array(0);
  #end = 0;

  /** `tokens`: the parts of the pointer, without its escapes. */
  constructor(tokens: readonly string[]) {
    this.#tokens = tokens.map((token) => ({
      // As a document spells it, quotes and control characters escaped.
      key: new TextEncoder().encode(JSON.stringify(token).slice(1, -1)),
      index: /^(0|[1-9]\d{0,8})$/.test(token) ? Number(token) : -1,
    }));
  }

  /** Where the value begins; −1: there is none. */
  find(body: Uint8Array): number {
    const end = body.length;
    this.#body = body;
    this.#end = end;
    let at = this.#skipSpace(0);
    for (let depth = 0; depth < this.#tokens.length; depth++) {
      const token = this.#tokens[depth];
      if (token === undefined || at < 0) return -1;
      if (body[at] === OPEN_OBJECT) at = this.#member(at, token.key);
      else if (body[at] === OPEN_ARRAY) at = this.#element(at, token.index);
      else return -1;
    }
    return at < end ? at : -1;
  }

  #member(openAt: number, key: Uint8Array): number {
    const body = this.#body;
    let at = this.#skipSpace(openAt + 1);
    while (at < this.#end && body[at] === QUOTE) {
      const closeAt = this.#endOfString(at);
      const isIt = this.#holds(at + 1, closeAt, key);
      at = this.#skipSpace(closeAt + 1);
      if (body[at] !== COLON) return -1;
      at = this.#skipSpace(at + 1);
      if (isIt) return at;
      at = this.#skipSpace(this.#skipValue(at));
      if (body[at] !== COMMA) return -1;
      at = this.#skipSpace(at + 1);
    }
    return -1;
  }

  #element(openAt: number, index: number): number {
    const body = this.#body;
    if (index < 0) return -1;
    let at = this.#skipSpace(openAt + 1);
    if (body[at] === CLOSE_ARRAY) return -1;
    for (let passed = 0; passed < index; passed++) {
      at = this.#skipSpace(this.#skipValue(at));
      if (at >= this.#end || body[at] !== COMMA) return -1;
      at = this.#skipSpace(at + 1);
    }
    return at;
  }

  #holds(from: number, to: number, key: Uint8Array): boolean {
    if (to - from !== key.length) return false;
    for (let i = 0; i < key.length; i++) if (this.#body[from + i] !== key[i]) return false;
    return true;
  }

  #skipSpace(from: number): number {
    let at = from;
    while (at < this.#end && (this.#body[at] ?? 0) <= SPACE) at++;
    return at;
  }

  /** Of the closing quote; the end where there is none. A long text is left to the machine's own search. */
  #endOfString(openAt: number): number {
    const body = this.#body;
    const shortEnd = Math.min(this.#end, openAt + SHORT_TEXT);
    let at = openAt + 1;
    for (; at < shortEnd; at++) {
      const byte = body[at];
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) return at;
    }
    for (let quoteAt = body.indexOf(QUOTE, at); quoteAt >= 0; quoteAt = body.indexOf(QUOTE, quoteAt + 1)) {
      let backslashes = 0;
      while (quoteAt - backslashes > at && body[quoteAt - backslashes - 1] === BACKSLASH) backslashes++;
      if (backslashes % 2 === 0) return quoteAt;
    }
    return this.#end;
  }

  /** Past the value that begins there. */
  #skipValue(from: number): number {
    let depth = 0;
    for (let at = from; at < this.#end; at++) {
      const byte = this.#body[at];
      if (byte === QUOTE) {
        at = this.#endOfString(at);
        if (depth === 0) return at + 1;
      } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        if (depth === 0) return at;
        if (--depth === 0) return at + 1;
      } else if (byte === COMMA && depth === 0) return at;
    }
    return this.#end;
  }
}
