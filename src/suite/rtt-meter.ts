import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../errors.js';
import { type EncodedHistogram, LatencyHistogram } from '../metrics/histogram.js';
import type { Endpoint } from '../protocol/messages.js';

/** From an answer to the next question, ms. */
const PAUSE_MS = 50;

/**
 * Measures the round trip of a path as it is: one byte to an echo at its end and back, then the next, in lock-step. The
 * echo is in this process, so that one clock sees both ends.
 */
export class RttMeter {
  readonly #echo: Server;
  readonly #far = new Set<Socket>();
  readonly #stop = new AbortController();
  #socket: Socket | undefined;
  #histogram = new LatencyHistogram();
  /** Of the series under way: ends its pauses. */
  #pauses = new AbortController();
  #series: Promise<void> = Promise.resolve();

  /** Resolves when there is an echo to go to, at `endpoint`. */
  static async open(): Promise<RttMeter> {
    const echo = createServer({ noDelay: true });
    echo.listen(0, '127.0.0.1');
    await once(echo, 'listening');
    return new RttMeter(echo);
  }

  private constructor(echo: Server) {
    this.#echo = echo;
    echo.on('connection', (socket: Socket) => {
      this.#far.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => this.#far.delete(socket));
      socket.pipe(socket);
    });
  }

  get endpoint(): Endpoint {
    return { host: '127.0.0.1', port: (this.#echo.address() as AddressInfo).port };
  }

  /** By which a relay knows its connection; 0 before `through`. */
  get clientPort(): number {
    return this.#socket?.localPort ?? 0;
  }

  /** Connects by way of this address and makes one round trip, which is not counted: it pays for the connection. */
  async through(address: Endpoint): Promise<void> {
    this.#socket = connect({ ...address, noDelay: true });
    await once(this.#socket, 'connect');
    await this.roundTripUs();
  }

  /** One round trip, µs. Rejects when the path is cut. */
  async roundTripUs(): Promise<number> {
    const socket = this.#socket;
    if (!socket) throw new Error('the way to the echo is not open');
    const startMs = performance.now();
    socket.write('x');
    await once(socket, 'data', { signal: this.#stop.signal });
    return (performance.now() - startMs) * 1_000;
  }

  /** Begins a series, which goes on until `end`; a path that is cut ends it too. */
  start(): void {
    this.#histogram = new LatencyHistogram();
    this.#pauses = new AbortController();
    this.#series = this.#measure(this.#pauses.signal).catch((error: unknown) => {
      if (!this.#stop.signal.aborted) this.failure = messageOf(error);
    });
  }

  /** Why it ended early. */
  failure: string | undefined;

  async #measure(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#histogram.record(await this.roundTripUs());
      await delay(PAUSE_MS, undefined, { signal }).catch(() => {});
    }
  }

  /** Ends the series, with the round trip that is under way: its round trips, µs. */
  async end(): Promise<EncodedHistogram> {
    this.#pauses.abort();
    await this.#series;
    return this.#histogram.encode();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.end();
    this.#socket?.destroy();
    for (const socket of this.#far) socket.destroy();
    const closed = once(this.#echo, 'close');
    this.#echo.close();
    await closed;
  }
}
