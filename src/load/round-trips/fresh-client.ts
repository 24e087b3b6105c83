import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../metrics/clock.js';
import { ENVELOPE_BYTES, writeEnvelope } from '../../protocol/envelope.js';
import { encodePublish } from '../../protocol/ingress.js';
import type { RoundTripArrivals, RoundTripTimes, UplinkTimes } from '../../protocol/round-trip-messages.js';
import type { ClientHalf, Connection, ConnectOptions } from '../../transports/transport.js';
import { Inbox } from './inbox.js';

/** While a client connects, so many messages are published to it in a round trip: the first to arrive is late by one part at most. */
const FED_PER_ROUND_TRIP = 25;
/** However long it takes: they have to stay in the server's history. */
const MAX_FED = 200;
/** Beside round trips, for what machines take. */
const SETTLE_MS = 20;
/** Messages that a client sends: the first may have to open something. */
const UPLINKS = 2;

export interface FreshClientOptions
  extends Pick<ConnectOptions, 'urls' | 'settings' | 'tls' | 'credentials' | 'payload' | 'publishes' | 'signal'> {
  readonly clientHalf: ClientHalf;
  /** Its number among `of`: no two do the same thing at the same time. */
  readonly index: number;
  readonly of: number;
  readonly clock: Clock;
  /** Puts frames of `encodePublish` into the hub. */
  readonly write: (frames: Buffer) => void;
  readonly roundTripMs: number;
  /** Longest that a message waits for the next poll, ms; `null`: too long to be waited for. */
  readonly pollWaitMs: number | null;
}

/**
 * One client that connects anew, on a channel of its own, and what it takes: to connect while there is always something
 * to get, to get two messages that are published as one, and to have sent two, one after the other. Rejects when it
 * drops, or the signal aborts; in every case it is closed.
 */
export async function timeFreshClient(options: FreshClientOptions): Promise<RoundTripTimes> {
  const client = new FreshClient(options);
  try {
    return await client.run();
  } finally {
    await client.close();
  }
}

class FreshClient {
  readonly #options: FreshClientOptions;
  readonly #inbox: Inbox;
  readonly #channel: string;
  #connection: Connection | undefined;
  #sequence = 0;

  constructor(options: FreshClientOptions) {
    this.#options = options;
    this.#inbox = new Inbox(options.clock);
    this.#channel = `trips${options.index}`;
  }

  async run(): Promise<RoundTripTimes> {
    const { signal, clock, pollWaitMs, publishes } = this.#options;
    signal.addEventListener('abort', () => this.#inbox.fail(signal.reason), { once: true });
    const startUs = clock.nowUs();
    const connectUs = await this.#connect(startUs);
    const arrivals = pollWaitMs === null ? null : await this.#receive(startUs);
    const uplinks: UplinkTimes[] = [];
    for (let sent = 0; publishes && sent < UPLINKS; sent++) uplinks.push(await this.#send());
    return { channel: this.#channel, connectUs, arrivals, uplinks };
  }

  async close(): Promise<void> {
    await this.#connection?.close();
  }

  async #connect(startUs: number): Promise<number> {
    const { clientHalf, index, clock, roundTripMs } = this.#options;
    let fed = 0;
    const feed = setInterval(
      () => {
        if (fed++ < MAX_FED) this.#publish(1);
      },
      Math.max(1, roundTripMs / FED_PER_ROUND_TRIP),
    );
    const { fail, note } = this.#inbox;
    try {
      this.#connection = await clientHalf.connect({
        ...this.#options,
        clientId: index,
        channels: [this.#channel],
        since: null,
        phase: this.#place,
        onMessage: note,
        onDrop: fail,
        onGap: (oldestId) => fail(new Error(`a message was overtaken by the history, which begins at ${oldestId}`)),
        onSendFailed: fail,
      });
    } finally {
      clearInterval(feed);
    }
    return this.#connection.openedInUs ?? clock.nowUs() - startUs;
  }

  /** What it gets while it only listens. */
  async #receive(startUs: number): Promise<RoundTripArrivals> {
    const { clock } = this.#options;
    await this.#inbox.arrival(this.#publish(1));
    const firstMessageUs = (this.#inbox.firstUs ?? startUs) - startUs;
    await this.#settle();
    const publishedUs = clock.nowUs();
    const last = this.#publish(2);
    const [firstUs, secondUs] = await Promise.all([this.#inbox.arrival(last - 1), this.#inbox.arrival(last)]);
    return { firstMessageUs, messageUs: firstUs - publishedUs, secondMessageUs: secondUs - publishedUs };
  }

  async #send(): Promise<UplinkTimes> {
    const { clock, pollWaitMs } = this.#options;
    await this.#settle();
    const sequence = this.#sequence++;
    const sentUs = clock.nowUs();
    this.#connection?.send(this.#channel, this.#body(sequence));
    if (pollWaitMs !== null) return { sentUs, backUs: await this.#inbox.arrival(sequence) };
    // Long enough for it to be at the server.
    await this.#settle();
    return { sentUs, backUs: null };
  }

  /** As one write; returns the number of the last. */
  #publish(count: number): number {
    const frames = Array.from({ length: count }, () => encodePublish(this.#channel, this.#body(this.#sequence++)));
    this.#options.write(Buffer.concat(frames));
    return this.#sequence - 1;
  }

  /** The smallest there is: what a round trip takes is asked, not what a byte does. */
  #body(sequence: number): Uint8Array {
    const body = new Uint8Array(ENVELOPE_BYTES);
    writeEnvelope(body, { publisher: this.#options.index, sequence, dueUs: 0, lagUs: 0 });
    return body;
  }

  /**
   * Until nothing is under way any more and the next poll is where it waits. Of polls at fixed times, each client waits
   * for another part of the interval: what is published next waits for the poll as long as chance would have it.
   */
  async #settle(): Promise<void> {
    const { roundTripMs, pollWaitMs, signal } = this.#options;
    const ms = SETTLE_MS + 2 * roundTripMs + this.#place * (pollWaitMs ?? 0);
    await delay(ms, undefined, { signal }).catch(() => {
      throw signal.reason;
    });
  }

  /** In (0, 1): where it is among the others. */
  get #place(): number {
    const { index, of } = this.#options;
    return (index + 0.5) / of;
  }
}
