import type { Dispatcher } from 'undici';
import type { Credentials } from '../credentials.js';
import type { Endpoint } from '../endpoint.js';
import type { TlsTrust } from '../transport.js';
import { HttpClient, type HttpClientRequest } from './http-client.js';
import { isTaken, publishRequest } from './publish-request.js';

const ANSWER_TIMEOUT_MS = 30_000;
/** How long `close` waits for the answers to what was sent. */
const CLOSE_GRACE_MS = 2_000;
const MAX_REASON_BYTES = 500;

export interface UplinkOptions {
  readonly origin: string;
  readonly tls: TlsTrust | null;
  readonly credentials?: Credentials | null | undefined;
  readonly endpoint?: Endpoint | null | undefined;
  /** The connection to use, which stays its owner's; `null`: one of its own over HTTP/1.1, opened at the first send. */
  readonly shared: HttpClient | null;
  readonly onSendFailed: (error: Error) => void;
}

/**
 * Publishes by `POST /messages?channel=…`: one request at a time, in order, none repeated. The server says 202 without
 * a body.
 */
export class Uplink {
  readonly #options: UplinkOptions;
  #own: HttpClient | undefined;
  readonly #waiting: HttpClientRequest[] = [];
  #underWay = false;
  #ended = false;
  #onIdle: () => void = () => {};

  constructor(options: UplinkOptions) {
    this.#options = options;
  }

  send(channel: string, body: Uint8Array): void {
    const { origin, onSendFailed } = this.#options;
    if (this.#ended) {
      onSendFailed(new Error(`${origin}: the connection is closed`));
      return;
    }
    this.#waiting.push(publishRequest(this.#options.endpoint?.publish, channel, body));
    if (!this.#underWay) this.#next();
  }

  /** Everything unanswered has failed, as its connection to the server is given up. */
  abandon(error: Error): void {
    this.#ended = true;
    const unanswered = this.#waiting.length + (this.#underWay ? 1 : 0);
    this.#waiting.length = 0;
    this.#underWay = false;
    for (let i = 0; i < unanswered; i++) this.#options.onSendFailed(error);
  }

  /** Lets what was sent be answered, within a bounded time, and closes. Nothing is reported any more. */
  async close(): Promise<void> {
    this.#ended = true;
    if (this.#underWay) await this.#idle();
    this.#waiting.length = 0;
    await this.#own?.close();
  }

  #idle(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, CLOSE_GRACE_MS);
      this.#onIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #next(): void {
    const request = this.#waiting.shift();
    this.#underWay = request !== undefined;
    if (request) this.#client.dispatch(request, this.#answerHandler());
    else this.#onIdle();
  }

  get #client(): HttpClient {
    const { origin, tls, credentials, endpoint, shared } = this.#options;
    const headers = endpoint?.headers;
    if (shared) return shared;
    const timeouts = { answerTimeoutMs: ANSWER_TIMEOUT_MS, silenceTimeoutMs: 0 };
    this.#own ??= new HttpClient(origin, { version: 1, tls, credentials, headers, ...timeouts });
    return this.#own;
  }

  #answerHandler(): Dispatcher.DispatchHandler {
    let status = 0;
    let reason = '';
    return {
      onRequestStart: () => {},
      onResponseStart: (_controller, statusCode) => {
        status = statusCode;
      },
      onResponseData: (_controller, chunk) => {
        if (reason === '') reason = chunk.toString('utf8', 0, MAX_REASON_BYTES).trim();
      },
      onResponseEnd: () => this.#answered(isTaken(status) ? undefined : `answered ${status} ${reason}`.trimEnd()),
      onResponseError: (_controller, error) => this.#answered(error.message),
    };
  }

  #answered(failure: string | undefined): void {
    const { origin, onSendFailed } = this.#options;
    // After a drop or `close` nothing is reported: what was under way is accounted for.
    if (!this.#ended && failure !== undefined) onSendFailed(new Error(`POST ${origin}/messages: ${failure}`));
    this.#next();
  }
}
