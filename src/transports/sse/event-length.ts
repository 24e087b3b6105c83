const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** How long an event is that has not ended: a parser keeps it whole, however long it is. */
export class EventLength {
  readonly #maxBytes: number;
  #bytes = 0;
  #endsWithLine = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get problem(): string {
    return `an event of more than ${this.#maxBytes} bytes, which is longer than a client takes`;
  }

  /** Whether the event that this part of the stream goes on with is longer than allowed. */
  isTooLong(chunk: Buffer): boolean {
    const end = Math.max(chunk.lastIndexOf('\n\n'), chunk.lastIndexOf('\n\r\n'), chunk.lastIndexOf('\r\r'));
    const begins = this.#endsWithLine && (chunk[0] === LINE_FEED || chunk[0] === CARRIAGE_RETURN);
    if (end >= 0) this.#bytes = chunk.length - end;
    else this.#bytes = (begins ? 0 : this.#bytes) + chunk.length;
    const last = chunk.at(-1);
    this.#endsWithLine = last === LINE_FEED || last === CARRIAGE_RETURN;
    return this.#bytes > this.#maxBytes;
  }
}
