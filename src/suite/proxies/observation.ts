import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../errors.js';
import { channelName } from '../../load/schedule.js';
import type { Between } from '../../network/between.js';
import type { Endpoint } from '../../protocol/messages.js';
import type { Observation, PassageTiming } from '../../report/proxies/observation.js';
import type { Row } from '../../scenario/scenario.js';
import type { MessageHub } from '../../server/hub.js';
import { loadTransport } from '../../transports/index.js';
import type { Connection } from '../../transports/transport.js';
import { connectTo, openServer } from '../same-process.js';

const CHANNEL = channelName(0);
const BODY_BYTES = 100;
/** Text that no gzip makes much smaller. */
const FILLER_BYTES = 1_024;
const MAX_FILLER_BYTES = 256 * 1_024;
/** So that what is let go of can come before more is published. */
const FILLER_PAUSE_MS = 10;

export interface ObserveOptions {
  readonly row: Row;
  /** Starts what is to stand between, given the server's addresses; absent: nothing is. */
  readonly between?: ((servers: readonly Endpoint[]) => Promise<Between>) | undefined;
  readonly timing: PassageTiming;
  readonly signal: AbortSignal;
}

/**
 * One client through what stands between: a message before it connects and one every `intervalMs` from then on,
 * whether or not it is connected yet. What then is missing is waited for while more is published, to find out how much
 * a buffer holds; else nothing is said for `silenceMs`, and then one message more. Nothing is left open.
 *
 * Rejects after an abort, and where the server or what stands between does not start.
 */
export async function observe({ row, between, timing, signal }: ObserveOptions): Promise<Observation> {
  signal.throwIfAborted();
  // Loading a module takes time that is no connecting.
  await (await loadTransport(row.module)).client();
  const server = await openServer(row);
  let middle: Between | undefined;
  try {
    const url = new URL(server.urls[0]?.[0] ?? '');
    middle = await between?.([{ host: url.hostname, port: Number(url.port) }]);
    const [address] = middle?.addresses ?? [];
    const urlBetween = address ? `${url.protocol}//${address.host}:${address.port}` : url.href;
    return await new Watch(row, server.hub, timing, signal).run(urlBetween);
  } finally {
    await middle?.stop();
    await server.close();
  }
}

class Watch {
  readonly #row: Row;
  readonly #hub: MessageHub;
  readonly #timing: PassageTiming;
  readonly #signal: AbortSignal;
  readonly #over = new AbortController();
  readonly #startMs = performance.now();
  readonly #publishedMs: number[] = [];
  readonly #arrivedMs: (number | null)[] = [];
  #publishedBytes = 0;
  #connectMs: number | null = null;
  #failure: Observation['failure'] = null;
  /** Called at each arrival and at a failure. */
  #onNews: () => void = () => {};

  constructor(row: Row, hub: MessageHub, timing: PassageTiming, signal: AbortSignal) {
    this.#row = row;
    this.#hub = hub;
    this.#timing = timing;
    this.#signal = signal;
  }

  async run(url: string): Promise<Observation> {
    const connecting = this.#connect(url);
    try {
      await this.#publishAll();
      const heldBackBytes = this.#failure === null && !this.#complete ? await this.#fill() : null;
      const survivedSilence = this.#failure === null && this.#complete ? await this.#beSilent() : null;
      return {
        connectMs: this.#connectMs,
        publishedMs: this.#publishedMs.slice(0, this.#timing.messages),
        arrivedMs: this.#arrivedMs.slice(0, this.#timing.messages),
        heldBackBytes,
        survivedSilence,
        failure: this.#failure,
      };
    } finally {
      this.#over.abort(new Error('the observation is over'));
      await (await connecting)?.close();
    }
  }

  /** Never rejects: what goes wrong is an observation. */
  async #connect(url: string): Promise<Connection | undefined> {
    const since = this.#hub.lastId;
    this.#publish();
    try {
      const connection = await connectTo(this.#row, {
        urls: [url],
        clientId: 0,
        channels: [CHANNEL],
        since,
        signal: this.#over.signal,
        onMessage: (body) => this.#onMessage(Number(Buffer.from(body).toString('latin1', 0, BODY_BYTES))),
        onDrop: (error) => this.#fail('drop', error),
      });
      this.#connectMs = this.#nowMs;
      return connection;
    } catch (error) {
      this.#fail('connect', error);
      return undefined;
    }
  }

  async #publishAll(): Promise<void> {
    const { messages, intervalMs, promptMs } = this.#timing;
    for (let index = 1; index < messages && this.#failure === null; index++) {
      await this.#wait(index * intervalMs - this.#nowMs, () => this.#failure !== null);
      this.#publish();
    }
    // Time enough for what is late without being held back until more comes.
    await this.#wait(this.#row.worstWaitMs + 2 * intervalMs + promptMs, () => this.#complete || this.#failure !== null);
  }

  /** Bytes that had been published when the first missing message came; `null`: not even then. */
  async #fill(): Promise<number | null> {
    const before = this.#arrived;
    const limitBytes = this.#publishedBytes + MAX_FILLER_BYTES;
    const freed = () => this.#arrived > before || this.#failure !== null;
    while (this.#publishedBytes < limitBytes && !freed()) {
      this.#publishBody(Buffer.from(randomBytes((FILLER_BYTES / 4) * 3).toString('base64')));
      await this.#wait(FILLER_PAUSE_MS, freed);
    }
    await this.#wait(this.#row.worstWaitMs + this.#timing.promptMs, freed);
    return this.#arrived > before ? this.#publishedBytes : null;
  }

  /** Whether a message still arrives after a long silence; `null`: none was asked for. */
  async #beSilent(): Promise<boolean | null> {
    const { silenceMs, promptMs } = this.#timing;
    if (silenceMs === 0) return null;
    await this.#wait(silenceMs, () => this.#failure !== null);
    if (this.#failure !== null) return false;
    this.#publish();
    const patienceMs = 2 * (this.#row.worstWaitMs + promptMs) + 1_000;
    await this.#wait(patienceMs, () => this.#complete || this.#failure !== null);
    return this.#complete;
  }

  #publish(): void {
    const index = this.#publishedMs.length;
    this.#publishedMs.push(this.#nowMs);
    this.#arrivedMs.push(null);
    this.#publishBody(Buffer.from(String(index).padEnd(BODY_BYTES)));
  }

  #publishBody(body: Buffer): void {
    this.#publishedBytes += body.length;
    this.#hub.publish(CHANNEL, body);
  }

  #onMessage(index: number): void {
    // Fillers carry no number.
    if (this.#arrivedMs[index] === null) this.#arrivedMs[index] = this.#nowMs;
    this.#onNews();
  }

  #fail(phase: 'connect' | 'drop', error: unknown): void {
    if (this.#over.signal.aborted) return;
    this.#failure ??= { phase, atMs: this.#nowMs, message: messageOf(error) };
    this.#onNews();
  }

  get #arrived(): number {
    return this.#arrivedMs.filter((atMs) => atMs !== null).length;
  }

  get #complete(): boolean {
    return this.#arrived === this.#arrivedMs.length;
  }

  get #nowMs(): number {
    return performance.now() - this.#startMs;
  }

  /** Until it is so, or the time is over. Rejects after an abort. */
  async #wait(forMs: number, until: () => boolean): Promise<void> {
    this.#signal.throwIfAborted();
    if (forMs <= 0 || until()) return;
    const early = new AbortController();
    this.#onNews = () => {
      if (until()) early.abort();
    };
    const signal = AbortSignal.any([this.#signal, early.signal]);
    await delay(forMs, undefined, { signal }).catch(() => {});
    this.#onNews = () => {};
    this.#signal.throwIfAborted();
  }
}
