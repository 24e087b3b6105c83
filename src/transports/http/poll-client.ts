import type { Dispatcher } from 'undici';
import { messageOf } from '../../errors.js';
import { fill } from '../endpoint.js';
import type { Connection, ConnectOptions } from '../transport.js';
import { dropCodeOf, type HttpClientRequest } from './http-client.js';
import { connectOverHttp, type HttpLink } from './http-connection.js';
import { pingMsOf } from './http-version.js';
import { numberOf } from './number-setting.js';
import { formatOf } from './poll-settings.js';

/** How much longer than later ones the first answer may take, ms. */
const OPENING_TIMEOUT_MS = 30_000;
const MAX_REASON_CHARACTERS = 200;

/** What sets one polling technique apart from another. */
export interface PollStyle {
  /** How long in ms the server may keep a poll with a cursor waiting; 0: it answers at once. */
  readonly holdMs: number;
  /** A new TCP connection for each poll. */
  readonly newConnections: boolean;
  /** Time in ms from now until the poll after an answer that leaves nothing more to fetch; 0: at once. */
  pauseMs(): number;
}

/**
 * Polls `GET /messages`. Without a cursor the first poll only fetches one. Open once the first answer is there or,
 * where polls are held, once a held one is on its way.
 */
export function connectPolling(options: ConnectOptions, style: PollStyle): Promise<Connection> {
  const timeoutMs = numberOf(options.settings, 'timeoutMs');
  const linkOptions = {
    // The library's own timeouts are up to half a second early or late: they are for the way until it is open.
    answerTimeoutMs: style.holdMs + timeoutMs + OPENING_TIMEOUT_MS,
    silenceTimeoutMs: 0,
    heartbeatMs: pingMsOf(options.settings),
  };
  return connectOverHttp(options, linkOptions, (link) => {
    const poller = new Poller(link, options, style, timeoutMs);
    poller.poll();
    return () => poller.stop();
  });
}

/** With a query, to which the cursor is added. */
function pathOf({ channels, clientId, endpoint }: ConnectOptions): string {
  if (endpoint?.path === undefined) {
    return `/messages?${channels.map((channel) => `channel=${encodeURIComponent(channel)}`).join('&')}`;
  }
  const path = fill(endpoint.path, { channel: channels[0] ?? '', client: clientId }, encodeURIComponent);
  return path.includes('?') ? path : `${path}?`;
}

class Poller {
  readonly #link: HttpLink;
  readonly #options: ConnectOptions;
  readonly #style: PollStyle;
  readonly #decode: ReturnType<typeof formatOf>['decode'];
  readonly #path: string;
  readonly #handler: Dispatcher.DispatchHandler;
  #cursor: number | null;
  #status = 0;
  #chunks: Buffer[] = [];
  #bytes = 0;
  readonly #maxBytes: number;
  #timer: NodeJS.Timeout | undefined;
  /** Of the answer that is waited for; made once, and begun anew with each poll and whatever comes of its answer. */
  readonly #deadline: NodeJS.Timeout;
  /** How often it was put off. */
  #signs = 0;
  #waiting = false;
  #isOpen = false;

  constructor(link: HttpLink, options: ConnectOptions, style: PollStyle, timeoutMs: number) {
    this.#link = link;
    this.#options = options;
    this.#style = style;
    this.#decode = formatOf(options.settings, options.payload).decode;
    this.#cursor = options.since;
    this.#path = pathOf(options);
    this.#maxBytes = options.endpoint?.maxMessageBytes ?? Number.POSITIVE_INFINITY;
    const deadlineMs = style.holdMs + timeoutMs;
    this.#deadline = setTimeout(() => {
      const signs = this.#signs;
      // After timers the event loop reads what has come: a process that stood still hears its answer first.
      setImmediate(() => {
        const silent = this.#isOpen && this.#waiting && this.#signs === signs;
        if (silent) this.#link.fail(`no answer within ${deadlineMs} ms`);
      });
    }, deadlineMs);
    this.#handler = {
      onRequestStart: () => this.#onRequestStart(),
      onResponseStart: (_controller, status) => {
        this.#status = status;
        this.#chunks = [];
        this.#bytes = 0;
      },
      onResponseData: (_controller, chunk) => {
        this.#putOffDeadline();
        this.#chunks.push(chunk);
        this.#bytes += chunk.length;
        if (this.#bytes > this.#maxBytes) this.#link.fail(`an answer of more than ${this.#maxBytes} bytes`);
      },
      onResponseEnd: () => this.#onAnswer(),
      onResponseError: (_controller, error) => this.#link.fail(error.message, dropCodeOf(error)),
    };
  }

  poll(): void {
    const since = this.#cursor === null ? '' : `&since=${this.#cursor}`;
    const hold = this.#held ? `&hold=${this.#style.holdMs}` : '';
    const path = this.#path + since + hold;
    const request: HttpClientRequest = { method: 'GET', path };
    if (this.#style.newConnections) request.reset = true;
    this.#waiting = true;
    this.#putOffDeadline();
    this.#link.http.dispatch(request, this.#handler);
  }

  #putOffDeadline(): void {
    this.#signs++;
    this.#deadline.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#deadline);
  }

  #open(): void {
    this.#isOpen = true;
    this.#link.opened();
  }

  get #held(): boolean {
    return this.#cursor !== null && this.#style.holdMs > 0;
  }

  /** The request is about to be written to a connected socket, in this very turn. */
  #onRequestStart(): void {
    if (this.#held) this.#open();
  }

  #onAnswer(): void {
    this.#waiting = false;
    if (this.#link.ended) return;
    const body = Buffer.concat(this.#chunks);
    try {
      if (this.#status === 200) this.#onMessages(body);
      else if (this.#status === 410) this.#onGap(body);
      else this.#refused(body.toString('utf8', 0, MAX_REASON_CHARACTERS));
    } catch (error) {
      this.#link.fail(`a poll's answer makes no sense: ${messageOf(error)}`);
    }
  }

  #refused(reason: string): void {
    this.#link.fail(`answered ${this.#status} ${reason}`.trimEnd(), String(this.#status));
  }

  #onMessages(body: Buffer): void {
    const { last, more, messages } = this.#decode(body);
    this.#cursor = last;
    for (const message of messages) {
      if (this.#link.ended) return;
      this.#options.onMessage(message.body, message.id);
    }
    this.#goOn(more);
  }

  #onGap(body: Buffer): void {
    const answer: unknown = JSON.parse(body.toString());
    const oldestId = typeof answer === 'object' && answer !== null && 'oldest' in answer ? answer.oldest : undefined;
    if (typeof oldestId !== 'number') throw new Error('410 without "oldest"');
    this.#cursor = oldestId - 1;
    this.#options.onGap(oldestId);
    this.#goOn(true);
  }

  #goOn(more: boolean): void {
    if (this.#link.ended) return;
    if (this.#style.holdMs === 0) this.#open();
    const pauseMs = more ? 0 : this.#style.pauseMs();
    if (pauseMs === 0) this.poll();
    else this.#timer = setTimeout(() => this.poll(), pauseMs);
  }
}
