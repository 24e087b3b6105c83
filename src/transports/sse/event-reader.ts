import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { inTime, type Peer, Unmet } from '../conformance.js';

const MAX_STREAM_BYTES = 16 * 1024 * 1024;

export interface ReadEvent {
  /** `null`: without a name. */
  readonly name: string | null;
  readonly id: string | null;
  readonly data: string;
}

/**
 * Reads a stream of events as the HTML Living Standard says (9.2.6), save that it keeps what a browser forgives: the
 * comments, and an event's own id rather than the last one.
 */
export class EventReader {
  readonly #peer: Peer;
  readonly #answer: IncomingMessage;
  readonly #events: ReadEvent[] = [];
  #rest = '';
  #bytes = 0;
  #comments = 0;
  #lines: string[] = [];
  #ended: Error | null = null;
  #onChange: () => void = () => {};

  constructor(peer: Peer, answer: IncomingMessage) {
    this.#peer = peer;
    this.#answer = answer;
    answer.setEncoding('utf8');
    answer.on('data', (text: string) => this.#push(text));
    answer.on('end', () => this.#end(new Unmet('the stream ended')));
    answer.on('error', (error) => this.#end(new Unmet(`the stream broke off (${error.message})`)));
  }

  /** Events that have come so far and were not taken. */
  get count(): number {
    return this.#events.length;
  }

  /** Takes the next events. */
  async take(count: number): Promise<readonly ReadEvent[]> {
    const what = count === 1 ? 'an event' : `${count} events`;
    await inTime(
      this.#peer,
      what,
      this.#until(() => this.#events.length >= count),
    );
    return this.#events.splice(0, count);
  }

  /** Resolves when the server has ended the stream. */
  async end(): Promise<void> {
    await inTime(
      this.#peer,
      'the end of the stream',
      this.#until(() => this.#ended !== null),
    );
  }

  /** Whether a comment came by then. */
  async comment(withinMs: number): Promise<boolean> {
    const came = this.#until(() => this.#comments > 0).then(() => true);
    return Promise.race([came, delay(withinMs, false)]);
  }

  #until(condition: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#onChange = () => {
        if (condition()) resolve();
        else if (this.#ended) reject(this.#ended);
      };
      this.#onChange();
    });
  }

  #push(text: string): void {
    this.#bytes += text.length;
    if (this.#bytes > MAX_STREAM_BYTES) {
      this.#answer.destroy();
      this.#end(new Unmet(`a stream of more than ${MAX_STREAM_BYTES} bytes, which is not read on`));
      return;
    }
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#line(line);
    this.#onChange();
  }

  #line(line: string): void {
    if (line.startsWith(':')) this.#comments++;
    else if (line !== '') this.#lines.push(line);
    else {
      const event = eventOf(this.#lines);
      if (event) this.#events.push(event);
      this.#lines = [];
    }
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#onChange();
  }
}

/** `undefined`: lines that make no event, such as `retry` alone. */
function eventOf(lines: readonly string[]): ReadEvent | undefined {
  const valuesOf = (name: string) =>
    lines.flatMap((line) => {
      const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
      return field === name ? [value] : [];
    });
  const data = valuesOf('data');
  if (data.length === 0) return undefined;
  return { name: valuesOf('event').at(-1) ?? null, id: valuesOf('id').at(-1) ?? null, data: data.join('\n') };
}
