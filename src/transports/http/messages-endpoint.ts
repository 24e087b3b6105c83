import type { EventEmitter } from 'node:events';
import type { OutgoingHttpHeaders } from 'node:http';
import { encodeOnce } from '../encode-once.js';
import { LastPolls } from '../last-polls.js';
import type { HttpHandler, HttpRequest, HttpResponse, HubRead, Message, MountContext } from '../transport.js';
import { ExchangeBytes, type Poll } from './exchange-bytes.js';
import { numberOf } from './number-setting.js';
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
  readonly #bytes: ExchangeBytes;
  readonly #held = new Set<HeldPoll>();
  /** Of a connection after an answer; 0: any. */
  readonly #idleMs: number;
  readonly #lastPolls = new LastPolls<EventEmitter>();
  #closing = false;

  constructor(context: MountContext) {
    this.#context = context;
    this.#format = formatOf(context.settings, context.payload);
    this.#encode = encodeOnce(this.#format.encodeMessage);
    this.#bytes = new ExchangeBytes(context.ledger);
    this.#idleMs = numberOf(context.settings, 'idleMs');
  }

  readonly handle: HttpHandler = (request, response, url) => {
    if (this.#closing) return refuse(response, 503, 'the server is closing', true);
    try {
      const channels = channelsOf(url);
      const since = wholeNumber('since', url.searchParams.get('since'));
      const holdMs = Math.min(wholeNumber('hold', url.searchParams.get('hold')) ?? 0, MAX_HOLD_MS);
      const { localPort } = request.socket;
      const read = this.#context.hub.read(channels, since, localPort);
      const poll = this.#bytes.poll(request);
      this.#noteConnection(request);
      const empty = !read.gap && read.messages.length === 0;
      if (empty && since !== null && holdMs > 0 && !this.#lastPolls.draining)
        this.#hold({ response, poll, channels, since, holdMs, localPort });
      else this.#answer(response, poll, read);
    } catch (error) {
      if (!(error instanceof BadQuery)) throw error;
      refuse(response, 400, error.message);
    }
  };

  /** Ends the polls that are held; those that come after are refused. */
  close(): void {
    this.#closing = true;
    for (const held of this.#held) {
      held.release();
      refuse(held.response, 503, 'the server is closing', true);
    }
  }

  /**
   * Answers the polls that are held, at once. Every connection gets one more answer: the last, with which it closes,
   * unless there is more to fetch. Resolves when all have had theirs.
   */
  drain(): Promise<void> {
    const drained = this.#lastPolls.drain();
    for (const held of this.#held) held.answer();
    return drained;
  }

  #hadLast(response: HttpResponse): void {
    const { stream, socket } = response.req;
    const connection = stream?.session ?? socket;
    response.once('close', () => this.#lastPolls.delete(connection));
  }

  #noteConnection({ stream, socket }: HttpRequest): void {
    // Polls that come between a last answer and the end of their connection change nothing.
    if (this.#lastPolls.draining) return;
    const connection = stream?.session ?? socket;
    if (this.#lastPolls.add(connection)) connection.once('close', () => this.#lastPolls.delete(connection));
  }

  #hold({ response, poll, channels, since, holdMs, localPort }: Hold): void {
    const { hub } = this.#context;
    const answer = () => {
      release();
      this.#answer(response, poll, hub.read(channels, since, localPort));
    };
    const release = () => {
      clearTimeout(timer);
      cancel();
      response.off('close', onClose);
      this.#held.delete(held);
    };
    const onClose = () => {
      release();
      this.#bytes.emptied(poll);
    };
    const held: HeldPoll = { response, answer, release };
    // While the server makes the client wait, the connection is not idle.
    if (this.#idleMs > 0) response.req.socket.setTimeout(0);
    const cancel = hub.waitFor(channels, answer);
    const timer = setTimeout(answer, holdMs);
    response.once('close', onClose);
    this.#held.add(held);
  }

  #answer(response: HttpResponse, poll: Poll, read: HubRead): void {
    // The front door ends a connection whose time is up.
    if (this.#idleMs > 0) response.req.socket.setTimeout(this.#idleMs);
    if (read.gap) {
      const gap = Buffer.from(`{"oldest":${read.oldestId}}`);
      this.#answerEmpty(response, poll, () => send(response, 410, 'application/json', gap));
      return;
    }
    const { messages } = read;
    this.#context.ledger.answered(messages.length);
    const body = this.#format.join(read, messages.map(this.#encode));
    const isLast = this.#lastPolls.draining && !read.more;
    const answer = () => send(response, 200, this.#format.contentType, body, isLast);
    if (messages.length === 0) this.#answerEmpty(response, poll, answer);
    else this.#bytes.filled(response, { payload: bytesIn(messages), body: body.length }, answer);
    if (isLast) this.#hadLast(response);
  }

  #answerEmpty(response: HttpResponse, poll: Poll, answer: () => void): void {
    this.#bytes.emptied(poll);
    this.#bytes.whole(response, 'emptyPolls', answer);
  }
}

interface Hold {
  readonly response: HttpResponse;
  readonly poll: Poll;
  readonly channels: readonly string[];
  readonly since: number;
  readonly holdMs: number;
  readonly localPort: number | undefined;
}

interface HeldPoll {
  readonly response: HttpResponse;
  /** Answers it with what there is. */
  answer(): void;
  /** Takes back everything that could still answer it. */
  release(): void;
}

function bytesIn(messages: readonly Message[]): number {
  let bytes = 0;
  for (const { body } of messages) bytes += body.length;
  return bytes;
}

function send(response: HttpResponse, status: number, contentType: string, body: Buffer, close = false): void {
  const headers: OutgoingHttpHeaders = { 'Content-Type': contentType, 'Content-Length': body.length };
  if (close && response.req.httpVersionMajor === 1) headers.Connection = 'close';
  response.writeHead(status, headers);
  response.end(body);
}
