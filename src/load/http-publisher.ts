import type { PublishAt } from '../protocol/messages.js';
import { HttpClient } from '../transports/http/http-client.js';
import { isTaken, publishRequest } from '../transports/http/publish-request.js';
import type { TlsTrust } from '../transports/transport.js';
import type { SocketCounter } from './socket-counter.js';

const ANSWER_TIMEOUT_MS = 30_000;
const CLOSE_GRACE_MS = 2_000;
/** Most that waits for a server that takes messages more slowly than they fall due. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
const MAX_WAITING = 50_000;
const MAX_REASON_CHARACTERS = 200;
/** Of one answer; far above what says that a message was taken. */
const MAX_ANSWER_BYTES = 1024 * 1024;

export interface HttpPublisherOptions {
  readonly publish: PublishAt;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsTrust | null;
  /** Its own connection is not one of the clients'. */
  readonly counter: SocketCounter;
  readonly onFailed: (error: Error) => void;
}

/**
 * Publishes into a server that is not rtbench's own: a request for each message over one connection, one after the
 * other, so that their order is the server's. None is repeated.
 */
export class HttpPublisher {
  readonly #options: HttpPublisherOptions;
  readonly #http: HttpClient;
  #waiting = 0;
  #waitingBytes = 0;
  #onIdle: () => void = () => {};
  /** Messages that the server said it has. */
  taken = 0;

  constructor(options: HttpPublisherOptions) {
    const { publish, headers, tls, counter } = options;
    this.#options = options;
    this.#http = new HttpClient(publish.url, {
      version: 1,
      tls,
      headers,
      answerTimeoutMs: ANSWER_TIMEOUT_MS,
      silenceTimeoutMs: ANSWER_TIMEOUT_MS,
      opening: counter.ignoring,
    });
  }

  /** Does not wait; a message that does not get there is told to `onFailed`. */
  publish(channel: string, body: Uint8Array): void {
    const { publish, onFailed } = this.#options;
    if (this.#waiting >= MAX_WAITING || this.#waitingBytes >= MAX_WAITING_BYTES) {
      onFailed(
        new Error(`${this.#name}: ${this.#waiting} messages wait to be taken, and no more are kept: lower --rate`),
      );
      return;
    }
    const request = publishRequest(publish, channel, body);
    const bytes = body.length;
    this.#waiting++;
    this.#waitingBytes += bytes;
    let status = 0;
    let reason = '';
    let answerBytes = 0;
    const done = (failure: string | undefined) => {
      this.#waiting--;
      this.#waitingBytes -= bytes;
      if (failure === undefined) this.taken++;
      else onFailed(new Error(`${this.#name}: ${failure}`));
      if (this.#waiting === 0) this.#onIdle();
    };
    this.#http.dispatch(request, {
      onRequestStart: () => {},
      onResponseStart: (_controller, statusCode) => {
        status = statusCode;
      },
      onResponseData: (controller, chunk) => {
        answerBytes += chunk.length;
        if (answerBytes > MAX_ANSWER_BYTES) {
          controller.abort(new Error(`an answer of more than ${MAX_ANSWER_BYTES} bytes`));
        } else if (reason === '') reason = chunk.toString('utf8', 0, MAX_REASON_CHARACTERS).trim();
      },
      onResponseEnd: () => done(isTaken(status) ? undefined : `answered ${status} ${reason}`.trimEnd()),
      onResponseError: (_controller, error) => done(error.message),
    });
  }

  /** Lets what was sent be answered, within a bounded time. */
  async close(): Promise<void> {
    if (this.#waiting > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, CLOSE_GRACE_MS);
        this.#onIdle = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    await this.#http.close();
  }

  get #name(): string {
    const { method, url, path } = this.#options.publish;
    return `${method} ${url}${path.split('?')[0]}`;
  }
}
