import type { Dispatcher } from 'undici';
import { HttpClient } from './http-client.js';

const ANSWER_TIMEOUT_MS = 30_000;
/** How long `close` waits for the answers to what was sent. */
const CLOSE_GRACE_MS = 2_000;
const MAX_REASON_BYTES = 500;

/**
 * Publishes by `POST /messages?channel=…` over a connection of its own, opened at the first send: one request at a
 * time, in order, none repeated. The server says 202 without a body.
 */
export class Uplink {
  readonly #origin: string;
  readonly #onSendFailed: (error: Error) => void;
  #client: HttpClient | undefined;
  #unanswered = 0;
  #ended = false;

  constructor(origin: string, onSendFailed: (error: Error) => void) {
    this.#origin = origin;
    this.#onSendFailed = onSendFailed;
  }

  send(channel: string, body: Uint8Array): void {
    if (this.#ended) {
      this.#onSendFailed(new Error(`${this.#origin}: the connection is closed`));
      return;
    }
    this.#client ??= new HttpClient(this.#origin, { answerTimeoutMs: ANSWER_TIMEOUT_MS, silenceTimeoutMs: 0 });
    this.#unanswered++;
    const path = `/messages?channel=${encodeURIComponent(channel)}`;
    // The caller's bytes may change while the request waits for those before it.
    this.#client.dispatch({ method: 'POST', path, body: Buffer.from(body) }, this.#answerHandler());
  }

  /** Everything unanswered has failed, as its connection to the server is given up. */
  abandon(error: Error): void {
    this.#ended = true;
    for (; this.#unanswered > 0; this.#unanswered--) this.#onSendFailed(error);
  }

  /** Lets what was sent be answered, within a bounded time, and closes. Nothing is reported any more. */
  async close(): Promise<void> {
    this.#ended = true;
    await this.#client?.close(this.#unanswered > 0 ? CLOSE_GRACE_MS : 0);
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
      onResponseEnd: () => this.#answered(status === 202 ? undefined : `answered ${status} ${reason}`.trimEnd()),
      onResponseError: (_controller, error) => this.#answered(error.message),
    };
  }

  #answered(failure: string | undefined): void {
    // After a drop or `close` the requests still under way fail one by one; they are accounted for.
    if (this.#ended) return;
    this.#unanswered--;
    if (failure !== undefined) this.#onSendFailed(new Error(`POST ${this.#origin}/messages: ${failure}`));
  }
}
