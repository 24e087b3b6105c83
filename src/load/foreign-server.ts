import { ENVELOPE_BYTES, hasEnvelopeAt } from '../protocol/envelope.js';
import type { ForeignServer } from '../protocol/messages.js';
import { redactor, resolveReferences } from '../scenario/references.js';
import type { ClientHalf, ConnectOptions } from '../transports/transport.js';
import { withAdvice } from './foreign-reasons.js';
import { HttpPublisher } from './http-publisher.js';
import { SocketCounter, type SocketCounts } from './socket-counter.js';

const MAX_ERRORS = 5;

/**
 * What a load process does where the server is not rtbench's own: it says what the environment holds, counts its
 * sockets, finds the stamp inside of messages, and keeps what came from the environment out of what it says.
 */
export class ForeignSide {
  readonly #foreign: ForeignServer;
  readonly #redact: (text: string) => string;
  readonly #counter = new SocketCounter();
  readonly #publisher: HttpPublisher | undefined;
  #unstamped = 0;
  /** Why messages were not published; the rest of them only count. */
  readonly errors: string[] = [];

  /** From here on every socket counts. */
  constructor(said: ForeignServer) {
    this.#redact = redactor(said, process.env);
    this.#foreign = resolveReferences(said, process.env);
    const { publish, headers, trust } = this.#foreign;
    this.#publisher =
      publish === null
        ? undefined
        : new HttpPublisher({
            publish,
            headers,
            tls: publish.url.startsWith('https:') ? trust : null,
            counter: this.#counter,
            onFailed: (error) => this.#note(error),
          });
  }

  get publisher(): HttpPublisher | undefined {
    return this.#publisher;
  }

  /** Messages in which no stamp was found: welcomes, and what the server says by itself. */
  get unstamped(): number {
    return this.#unstamped;
  }

  read(): SocketCounts {
    return this.#counter.read();
  }

  async close(): Promise<void> {
    await this.#publisher?.close();
    this.#counter.stop();
  }

  /** The same client half, which knows where the server takes what. */
  speaking({ connect }: ClientHalf): ClientHalf {
    const { endpoint, answerMs } = this.#foreign;
    return {
      connect: async (options) => {
        const late = new AbortController();
        const url = options.urls[0] ?? '';
        const reason = `${url}${endpoint.path ?? ''}: no connection and no answer within ${answerMs / 1_000} s`;
        const timer = setTimeout(() => late.abort(new Error(reason)), answerMs);
        try {
          return await connect({
            ...options,
            endpoint,
            signal: AbortSignal.any([options.signal, late.signal]),
            onMessage: this.#foreign.observation ? options.onMessage : this.#finder(options.onMessage),
            onDrop: (error) => options.onDrop(this.#clean(error)),
            onSendFailed: (error) => options.onSendFailed(this.#clean(error)),
          });
        } catch (error) {
          throw error instanceof Error && !options.signal.aborted ? this.#clean(error) : error;
        } finally {
          clearTimeout(timer);
        }
      },
    };
  }

  /** Hands on a message that is a body of ours as it is, and of one that holds a body the envelope alone. */
  #finder(onMessage: ConnectOptions['onMessage']): ConnectOptions['onMessage'] {
    const envelope = new Uint8Array(ENVELOPE_BYTES);
    return (body, id) => {
      const at = envelopeAt(body);
      if (at === 0) onMessage(body, id);
      else if (at > 0) {
        for (let i = 0; i < ENVELOPE_BYTES; i++) envelope[i] = body[at + i] ?? 0;
        onMessage(envelope, id);
      } else this.#unstamped++;
    };
  }

  #note(error: Error): void {
    if (this.errors.length < MAX_ERRORS) this.errors.push(this.#clean(error).message);
  }

  #clean(error: Error): Error {
    const advised = withAdvice(error);
    const text = this.#redact(advised.message);
    if (text !== advised.message) advised.message = text;
    return advised;
  }
}

/** Where in a message an envelope begins; −1: nowhere. Allocates nothing. */
function envelopeAt(body: Uint8Array): number {
  const last = body.length - ENVELOPE_BYTES;
  for (let at = 0; at <= last; at++) if (hasEnvelopeAt(body, at)) return at;
  return -1;
}
