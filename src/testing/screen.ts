import { EventEmitter, once } from 'node:events';
import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

/**
 * A terminal as far as a view that redraws itself needs one: a screen of lines and a cursor, moved by what is written.
 * What is written past the right edge is lost. Colours are kept out of the screen and in `written`.
 */
export class Screen extends Writable {
  readonly isTTY = true;
  columns: number;
  rows: number;
  written = '';
  #lines: string[] = [''];
  #row = 0;
  #column = 0;
  readonly #drawn = new EventEmitter();

  constructor(columns: number, rows: number) {
    super({ decodeStrings: false });
    this.columns = columns;
    this.rows = rows;
  }

  /** What a person sees, without spaces at the ends of lines and empty lines at the end. */
  get text(): string {
    return this.#lines
      .map((line) => line.trimEnd())
      .join('\n')
      .trimEnd();
  }

  /** Resolves when the screen shows the text. */
  async shows(text: string): Promise<void> {
    while (!this.text.includes(text)) await once(this.#drawn, 'write');
  }

  /** Lines that have become too long are wrapped, as terminals do. */
  resize(columns: number, rows: number): void {
    const wrapped = this.#lines.map((line) => wrap(line.trimEnd(), columns));
    this.#row = wrapped.slice(0, this.#row).flat().length;
    this.#lines = wrapped.flat();
    this.columns = columns;
    this.rows = rows;
    this.emit('resize');
  }

  override _write(chunk: string, _encoding: BufferEncoding, done: () => void): void {
    this.written += chunk;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a terminal is driven with
    for (const [token] of chunk.matchAll(/\u001B\[[?\d;]*[A-Za-z]|\n|[^\u001B\n]+/g)) this.#take(token);
    this.#drawn.emit('write');
    done();
  }

  #take(token: string): void {
    if (token === '\n') this.#moveTo(this.#row + 1, 0);
    else if (!token.startsWith('\u001B')) this.#print(token);
    else if (token === '\u001B[2K') this.#lines[this.#row] = '';
    else if (token === '\u001B[1A') this.#moveTo(this.#row - 1, this.#column);
    else if (token === '\u001B[G') this.#moveTo(this.#row, 0);
    else if (token === '\u001B[H') this.#moveTo(0, 0);
    else if (token === '\u001B[2J') this.#lines = [''];
    else if (stripVTControlCharacters(token) !== '' || /[^mhl]$/.test(token)) throw new Error(`no terminal: ${token}`);
  }

  #moveTo(row: number, column: number): void {
    this.#row = Math.max(0, row);
    this.#column = column;
    while (this.#lines.length <= this.#row) this.#lines.push('');
  }

  #print(text: string): void {
    const line = (this.#lines[this.#row] ?? '').padEnd(this.#column);
    const end = this.#column + text.length;
    this.#lines[this.#row] = (line.slice(0, this.#column) + text + line.slice(end)).slice(0, this.columns);
    this.#column = end;
  }
}

function wrap(line: string, columns: number): string[] {
  const parts = Math.max(1, Math.ceil(line.length / columns));
  return Array.from({ length: parts }, (_, part) => line.slice(part * columns, (part + 1) * columns));
}
