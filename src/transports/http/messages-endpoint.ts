import type { IncomingMessage, ServerResponse } from 'node:http';
import { encodeOnce } from '../encode-once.js';
import type { HttpHandler, HubRead, Message, MountContext } from '../transport.js';
import type { AnswerFormat } from './poll-answer.js';
import { formatOf } from './poll-settings.js';
import { BadQuery, channelsOf, wholeNumber } from './query.js';
import { refuse } from './refusal.js';

/** Longest hold a client may ask for, ms. */
export const MAX_HOLD_MS = 600_000;

/**
 * `GET /messages?since=<id>&channel=a&channel=b&hold=<ms>`: what came after `since`. Without `since` an empty answer
 * with the cursor to begin at. With `hold`, an answer that would be empty waits that long for a message. Other
 * parameters are ignored. A cursor older than the history gets 410 and `{"oldest":<id>}`.
 */
export class MessagesEndpoint {
  readonly #context: MountContext;
  readonly #format: AnswerFormat;
  readonly #encode: (message: Message) => Buffer;
  readonly #held = new Set<HeldPoll>();
  #closing = false;

  constructor(context: MountContext) {
    this.#context = context;
    this.#format = formatOf(context.settings, context.payload);
    this.#encode = encodeOnce(this.#format.encodeMessage);
  }

  readonly handle: HttpHandler = (_request: IncomingMessage, response: ServerResponse, url: URL) => {
    if (this.#closing) return refuse(response, 503, 'the server is closing', true);
    try {
      const channels = channelsOf(url);
      const since = wholeNumber('since', url.searchParams.get('since'));
      const holdMs = Math.min(wholeNumber('hold', url.searchParams.get('hold')) ?? 0, MAX_HOLD_MS);
      const read = this.#context.hub.read(channels, since);
      const empty = !read.gap && read.messages.length === 0;
      if (empty && since !== null && holdMs > 0) this.#hold(response, channels, since, holdMs);
      else this.#answer(response, read);
    } catch (error) {
      if (!(error instanceof BadQuery)) throw error;
      refuse(response, 400, error.message);
    }
  };

  /** Ends the polls that are held; those that come after are refused. */
  close(): void {
    this.#closing = true;
    for (const poll of this.#held) {
      poll.release();
      refuse(poll.response, 503, 'the server is closing', true);
    }
  }

  #hold(response: ServerResponse, channels: readonly string[], since: number, holdMs: number): void {
    const { hub } = this.#context;
    const answer = () => {
      release();
      this.#answer(response, hub.read(channels, since));
    };
    const release = () => {
      clearTimeout(timer);
      cancel();
      response.off('close', release);
      this.#held.delete(poll);
    };
    const poll: HeldPoll = { response, release };
    const cancel = hub.waitFor(channels, answer);
    const timer = setTimeout(answer, holdMs);
    response.once('close', release);
    this.#held.add(poll);
  }

  #answer(response: ServerResponse, read: HubRead): void {
    if (read.gap) {
      send(response, 410, 'application/json', Buffer.from(`{"oldest":${read.oldestId}}`));
      return;
    }
    this.#context.onAnswer(read.messages.length);
    send(response, 200, this.#format.contentType, this.#format.join(read, read.messages.map(this.#encode)));
  }
}

interface HeldPoll {
  readonly response: ServerResponse;
  /** Takes back everything that could still answer it. */
  release(): void;
}

function send(response: ServerResponse, status: number, contentType: string, body: Buffer): void {
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': body.length });
  response.end(body);
}
