import { messageOf } from '../errors.js';
import { HostClock } from '../metrics/clock.js';
import { ATTEMPT_BIN_MS, type FromHerd, type HerdTally, type ToHerd } from '../protocol/herd-messages.js';
import type { Link } from '../protocol/link.js';
import { randomStream } from '../random.js';
import { parseReconnectPolicy } from '../scenario/reconnect-policy.js';
import { loadTransport } from '../transports/index.js';
import type { ClientHalf, Connection } from '../transports/transport.js';
import { Reconnector } from './reconnector.js';
import { channelName } from './schedule.js';

const PROGRESS_MS = 250;
/** Connects under way at a time while there is no outage. */
const CONCURRENT_CONNECTS = 64;
/** An attempt that hangs for so long has failed: the server is away, and nothing said so. */
const ATTEMPT_TIMEOUT_MS = 30_000;
const TIMED_OUT = `no connection within ${ATTEMPT_TIMEOUT_MS / 1_000} s`;
const MAX_ERRORS = 5;

type Prepare = Extract<ToHerd, { type: 'prepare' }>;

/** The clients of one process that lose a server and come back to it, each as its policy says. */
export class Herd {
  readonly #link: Link<FromHerd, ToHerd>;
  readonly #message: Prepare;
  readonly #clientHalf: ClientHalf;
  readonly #clock: HostClock;
  readonly #abort = new AbortController();
  /** Attempts that have not ended, each with a signal of its own: one for all would gather listeners. */
  readonly #underWay = new Set<AbortController>();
  readonly #progress: NodeJS.Timeout;
  readonly #phases: readonly number[];
  readonly #connections: (Connection | undefined)[];
  readonly #reconnectors: readonly Reconnector[];
  readonly #lostUs: (number | null)[];
  readonly #backUs: (number | null)[];
  readonly #connectUs: (number | null)[];
  readonly #attempts = new Map<number, number>();
  readonly #errors = new Set<string>();
  #refused = 0;
  #lost = 0;
  #back = 0;
  #lostAgain = 0;

  static async prepare(link: Link<FromHerd, ToHerd>, message: Prepare): Promise<Herd> {
    const transport = await loadTransport(message.transport.module);
    const herd = new Herd(link, message, await transport.client());
    const clock = herd.#clock;
    link.send({ type: 'ready', clock: { source: 'hrtime', nowUs: clock.nowUs(), errorUs: clock.errorUs } });
    return herd;
  }

  private constructor(link: Link<FromHerd, ToHerd>, message: Prepare, clientHalf: ClientHalf) {
    const { clients, seed } = message;
    this.#link = link;
    this.#message = message;
    this.#clientHalf = clientHalf;
    this.#clock = new HostClock(BigInt(message.epochNs));
    const policy = parseReconnectPolicy(message.policy, message.scale);
    this.#phases = clients.map((client) => randomStream(seed, `phase of client ${client}`)());
    this.#connections = clients.map(() => undefined);
    this.#lostUs = clients.map(() => null);
    this.#backUs = clients.map(() => null);
    this.#connectUs = clients.map(() => null);
    this.#reconnectors = clients.map(
      (client, slot) =>
        new Reconnector({
          policy,
          // Of its own, so that what a client draws does not depend on who lost the server first.
          random: randomStream(seed, `waits of client ${client}`),
          connect: () => this.#reconnect(slot),
          onAttempt: () => this.#noteAttempt(),
          onFailed: (error) => this.#noteRefusal(error),
          onConnected: () => this.#noteBack(slot),
        }),
    );
    this.#progress = setInterval(() => this.#sendProgress(), PROGRESS_MS);
  }

  async handle(message: ToHerd): Promise<void> {
    switch (message.type) {
      case 'connect':
        await this.#connectAll();
        this.#link.send({ type: 'connected', count: this.#connections.length });
        break;
      case 'collect':
        this.#link.send({ type: 'tally', tally: this.#tally() });
        break;
      case 'close':
        await this.#close();
        this.#link.send({ type: 'closed' });
        break;
    }
  }

  async #connectAll(): Promise<void> {
    const slots = this.#connections.keys();
    const lane = async () => {
      for (const slot of slots) await this.#open(slot, this.#abort.signal);
    };
    await Promise.all(Array.from({ length: CONCURRENT_CONNECTS }, lane));
  }

  async #reconnect(slot: number): Promise<void> {
    const startUs = this.#clock.nowUs();
    const attempt = new AbortController();
    this.#underWay.add(attempt);
    const timer = setTimeout(() => attempt.abort(new Error(TIMED_OUT)), ATTEMPT_TIMEOUT_MS);
    try {
      await this.#open(slot, attempt.signal);
      this.#connectUs[slot] = this.#clock.nowUs() - startUs;
    } finally {
      clearTimeout(timer);
      this.#underWay.delete(attempt);
    }
  }

  async #open(slot: number, signal: AbortSignal): Promise<void> {
    const { transport, urls, clients, credentials } = this.#message;
    this.#connections[slot] = await this.#clientHalf.connect({
      urls,
      clientId: clients[slot] ?? 0,
      channels: [channelName(0)],
      since: null,
      settings: transport.settings,
      tls: null,
      credentials,
      payload: 'text',
      phase: this.#phases[slot] ?? 0,
      publishes: false,
      signal,
      onMessage: () => {},
      onDrop: () => this.#noteLoss(slot),
      onGap: () => {},
      onSendFailed: () => {},
    });
  }

  #noteLoss(slot: number): void {
    this.#connections[slot] = undefined;
    if (this.#abort.signal.aborted) return;
    if (this.#lostUs[slot] === null) {
      this.#lostUs[slot] = this.#clock.nowUs();
      this.#lost++;
    } else if (this.#backUs[slot] !== null) {
      this.#lostAgain++;
    }
    this.#reconnectors[slot]?.lost();
  }

  #noteAttempt(): void {
    const bin = Math.floor(this.#clock.nowUs() / (ATTEMPT_BIN_MS * 1_000));
    this.#attempts.set(bin, (this.#attempts.get(bin) ?? 0) + 1);
  }

  #noteRefusal(error: unknown): void {
    this.#refused++;
    if (this.#errors.size < MAX_ERRORS) this.#errors.add(messageOf(error));
  }

  #noteBack(slot: number): void {
    if (this.#backUs[slot] !== null) return;
    this.#backUs[slot] = this.#clock.nowUs();
    this.#back++;
    if (this.#back === this.#connections.length) this.#link.send({ type: 'whole' });
  }

  #sendProgress(): void {
    if (this.#lost > 0) this.#link.send({ type: 'progress', lost: this.#lost, back: this.#back });
  }

  #tally(): HerdTally {
    return {
      lostUs: this.#lostUs,
      backUs: this.#backUs,
      connectUs: this.#connectUs,
      attempts: Object.fromEntries(this.#attempts),
      refused: this.#refused,
      lostAgain: this.#lostAgain,
      errors: [...this.#errors],
    };
  }

  async #close(): Promise<void> {
    clearInterval(this.#progress);
    for (const reconnector of this.#reconnectors) reconnector.stop();
    const over = new Error('the herd is over');
    this.#abort.abort(over);
    for (const attempt of this.#underWay) attempt.abort(over);
    await Promise.all(this.#connections.map((connection) => connection?.close()));
  }
}
