import { encodeOnce } from '../encode-once.js';
import { destroyAfterFarewell } from '../farewell.js';
import { ExchangeBytes } from '../http/exchange-bytes.js';
import { httpVersionOf } from '../http/http-version.js';
import { numberOf } from '../http/number-setting.js';
import { BadQuery, channelsOf, wholeNumber } from '../http/query.js';
import { refuse } from '../http/refusal.js';
import type { HttpHandler, HttpResponse, Message, MountContext, Subscriber } from '../transport.js';
import { encodeEvent, encodeGap, encodeRetry, FAREWELL, HEARTBEAT } from './events.js';

/**
 * `GET /events?channel=a&channel=b&since=<id>`: a stream of events, first those after `since` (`Last-Event-ID` wins
 * over it), then live. A cursor older than the history gets `event: gap` with the oldest id, and the end.
 */
export class EventsEndpoint {
  readonly #context: MountContext;
  readonly #heartbeatMs: number;
  /** What a stream begins with. */
  readonly #firstWords: Buffer | undefined;
  readonly #encode: (message: Message) => Buffer;
  readonly #bytes: ExchangeBytes;
  /** What so many bytes of a stream take on the wire, and its end, as far as the ledger is told. */
  readonly #wireBytes: (bytes: number) => number;
  readonly #endBytes: number;
  readonly #streams = new Set<Stream>();
  #closing = false;
  #onDrained: () => void = () => {};

  constructor(context: MountContext) {
    this.#context = context;
    this.#heartbeatMs = numberOf(context.settings, 'heartbeatMs');
    const retryMs = numberOf(context.settings, 'retryMs');
    this.#firstWords = retryMs > 0 ? encodeRetry(retryMs) : undefined;
    this.#encode = encodeOnce((message) => encodeEvent(message, context.payload));
    this.#bytes = new ExchangeBytes(context.ledger);
    const isHttp2 = httpVersionOf(context.settings) === 2;
    this.#wireBytes = isHttp2 ? (bytes) => bytes : chunkBytes;
    this.#endBytes = isHttp2 ? 0 : LAST_CHUNK_BYTES;
  }

  readonly handle: HttpHandler = (request, response, url) => {
    if (this.#closing) return refuse(response, 503, 'the server is closing', true);
    try {
      const channels = channelsOf(url);
      const header = request.headers['last-event-id'];
      const since =
        wholeNumber('Last-Event-ID', Array.isArray(header) ? header[0] : header) ??
        wholeNumber('since', url.searchParams.get('since'));
      this.#context.ledger.up.headers += this.#bytes.request(request);
      this.#stream(response, channels, since);
    } catch (error) {
      if (!(error instanceof BadQuery)) throw error;
      refuse(response, 400, error.message);
    }
  };

  /** Cuts all streams; those that come after are refused. */
  close(): void {
    this.#closing = true;
    for (const stream of this.#streams) stream.cut();
  }

  /** Ends all streams, each after what was published before; resolves when all are over. */
  async drain(): Promise<void> {
    this.#closing = true;
    for (const stream of this.#streams) stream.finish();
    if (this.#streams.size > 0) {
      await new Promise<void>((resolve) => {
        this.#onDrained = resolve;
      });
    }
  }

  #stream(response: HttpResponse, channels: readonly string[], since: number | null): void {
    response.setHeader('Content-Type', 'text/event-stream');
    response.setHeader('Cache-Control', 'no-cache');
    this.#bytes.whole(response, 'headers', () => response.flushHeaders?.());
    if (this.#firstWords) {
      this.#context.ledger.down.framing += this.#wireBytes(this.#firstWords.length);
      response.write(this.#firstWords);
    }
    // In the turn in which the answer goes out: from its `open` on the client misses nothing.
    const subscription = this.#context.hub.subscribe(channels, since, this.#subscriber(response));
    const heartbeat = this.#heartbeatMs > 0 ? setInterval(() => this.#beat(response), this.#heartbeatMs) : undefined;
    const release = () => {
      subscription.close();
      clearInterval(heartbeat);
      this.#streams.delete(stream);
      if (this.#streams.size === 0) this.#onDrained();
    };
    const stream: Stream = {
      cut() {
        release();
        response.destroy();
      },
      finish: () => subscription.finish(() => this.#end(response, FAREWELL)),
    };
    this.#streams.add(stream);
    response.on('drain', () => subscription.resume());
    response.once('close', release);
  }

  #subscriber(response: HttpResponse): Subscriber {
    const { limits, ledger } = this.#context;
    const { maxBufferedBytes } = limits;
    const { down } = ledger;
    return {
      localPort: response.socket?.localPort,
      deliver: (message) => {
        const event = this.#encode(message);
        const payload = message.body.length;
        down.payload += payload;
        down.framing += this.#wireBytes(event.length) - payload;
        // Where `write` says true no `drain` would follow, however small the limit.
        const flowing = response.write(event);
        return flowing || response.writableLength <= maxBufferedBytes;
      },
      gap: (oldestId) => this.#end(response, encodeGap(oldestId)),
      tooSlow: () => {
        down.framing += this.#endBytes;
        response.end();
        destroyAfterFarewell(response);
      },
      waitingBytes: () => response.writableLength,
    };
  }

  #end(response: HttpResponse, lastWords: Buffer): void {
    this.#context.ledger.down.framing += this.#wireBytes(lastWords.length) + this.#endBytes;
    response.write(lastWords);
    response.end();
  }

  #beat(response: HttpResponse): void {
    if (response.writableEnded || response.writableLength >= response.writableHighWaterMark) return;
    this.#context.ledger.down.heartbeats += this.#wireBytes(HEARTBEAT.length);
    response.write(HEARTBEAT);
  }
}

interface Stream {
  cut(): void;
  /** Ends it after everything that was published before. */
  finish(): void;
}

/** `0` and two line ends. */
const LAST_CHUNK_BYTES = 5;

/** A chunk of HTTP/1.1 with this many bytes in it: their number in hexadecimal digits, and two line ends. */
function chunkBytes(bytes: number): number {
  let digits = 1;
  for (let rest = bytes >>> 4; rest > 0; rest >>>= 4) digits++;
  return digits + 4 + bytes;
}
