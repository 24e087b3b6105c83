import { setImmediate as nextTurn } from 'node:timers/promises';
import { channelName } from '../load/schedule.js';
import type { TransportRef } from '../protocol/messages.js';
import { MessageHub } from '../server/hub.js';
import { FIRST_ID } from '../server/limits.js';
import type { ReferenceServer } from '../server/reference-server.js';
import type { Credentials } from '../transports/credentials.js';
import type { Circumstances, Traffic } from '../transports/theory.js';
import type { Connection, Payload } from '../transports/transport.js';
import { connectTo, HUB_OPTIONS, openServer } from './same-process.js';

const CHANNEL = channelName(0);
const CLIENT_ID = 0;
/** Nothing has crossed for so long, and for so many turns of the event loop that both ends share: it is all there. */
const QUIET_MS = 4;
const QUIET_TURNS = 8;
const TIMEOUT_MS = 10_000;
/** How often a step is repeated into which a poll came that does not belong to it. */
const MAX_ATTEMPTS = 50;
const TOO_BUSY = `a poll came between in each of ${MAX_ATTEMPTS} attempts: this machine is too busy`;

export interface ExchangeOptions {
  readonly transport: TransportRef;
  readonly payload: Payload;
  /** How long a message may wait for the transport itself, ms. */
  readonly worstWaitMs: number;
  /** What the server asks for and the client shows. */
  readonly credentials?: Credentials | null;
}

/**
 * One client of one transport on the reference server, in this process and in lock-step: the next thing is done when
 * the last has arrived and nothing moves any more. Whatever happens then has its bytes to itself, which the front
 * door counts; no load, no clock and no luck is in them.
 *
 * Every step rejects when what should arrive does not, arrives twice or is not what was sent.
 */
export class Exchange {
  readonly #server: ReferenceServer;
  readonly #hub: ExchangeHub;
  readonly #timeoutMs: number;
  readonly #inbox: Buffer[] = [];
  #failure: Error | undefined;
  #connection: Connection | undefined;
  #opening: Traffic = { up: 0, down: 0 };
  readonly circumstances: Circumstances;

  static async open(options: ExchangeOptions): Promise<Exchange> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const exchange = await Exchange.#start(options);
      if (exchange) return exchange;
    }
    throw new Error(TOO_BUSY);
  }

  /** `undefined` where a poll has come into the opening that does not belong to it. */
  static async #start(options: ExchangeOptions): Promise<Exchange | undefined> {
    const hub = new ExchangeHub();
    const { transport, payload, credentials = null } = options;
    const server = await openServer(transport, { payload, hub, credentials });
    const exchange = new Exchange(server, hub, options);
    let opened = false;
    try {
      opened = await exchange.#connect(transport, credentials);
    } finally {
      if (!opened) await exchange.close();
    }
    return opened ? exchange : undefined;
  }

  private constructor(server: ReferenceServer, hub: ExchangeHub, { transport, payload, worstWaitMs }: ExchangeOptions) {
    this.#server = server;
    this.#hub = hub;
    this.#timeoutMs = TIMEOUT_MS + 2 * worstWaitMs;
    this.circumstances = {
      settings: transport.settings,
      payload,
      host: new URL(this.#url).host,
      clientId: CLIENT_ID,
      channel: CHANNEL,
      id: FIRST_ID,
    };
  }

  /** From the first byte until a message would arrive. The client is one that publishes. */
  get opening(): Traffic {
    return this.#opening;
  }

  /** Whether a library speaks HTTP/2 for the server, and so bytes depend on what else it has to say. */
  get isHttp2(): boolean {
    return this.#server.uncounted.up.includes('flowControl');
  }

  /** What has crossed since the connection began. */
  get total(): Traffic {
    return this.#sample().bytes;
  }

  /** One message to the client. Of a pull: the request and the answer with it. */
  message(body: Buffer): Promise<Traffic> {
    return this.#alone({ empty: 0 }, async () => {
      this.#inbox.length = 0;
      this.#hub.publish(CHANNEL, body);
      await this.#until(() => this.#inbox.length > 0, 'the message did not arrive');
      await this.#quiet();
      this.#expectOne(this.#inbox, body, 'message');
    });
  }

  /** One message from the client to the server, where it ends. */
  publish(body: Buffer): Promise<Traffic> {
    return this.#alone({ total: 0, empty: 0 }, async () => {
      this.#hub.received.length = 0;
      this.#connection?.send(CHANNEL, body);
      await this.#until(() => this.#hub.received.length > 0, 'what the client published did not arrive');
      await this.#quiet();
      this.#expectOne(this.#hub.received, body, 'published message');
    });
  }

  /** Of a pull: a request, and the answer that has nothing. */
  emptyPoll(): Promise<Traffic> {
    return this.#alone({ total: 1, empty: 1 }, async () => {
      const { empty } = this.#server.ledger.answers;
      await this.#until(() => this.#server.ledger.answers.empty > empty, 'no poll came');
      await this.#quiet();
    });
  }

  /** Of a server that sends heartbeats: one, and the client's answer if `answered`. */
  async heartbeat(answered: boolean): Promise<Traffic> {
    await this.#quiet();
    const before = this.total;
    await this.#until(() => this.total.down > before.down, 'no heartbeat came');
    const { down } = this.total;
    if (answered) await this.#until(() => this.total.up > before.up, 'no heartbeat was answered');
    return { up: this.total.up - before.up, down: down - before.down };
  }

  async close(): Promise<void> {
    await this.#connection?.close();
    await this.#server.close();
  }

  get #url(): string {
    return this.#server.urls[0]?.[0] ?? '';
  }

  /** False where a poll came before all was quiet. */
  async #connect(transport: TransportRef, credentials: Credentials | null): Promise<boolean> {
    const fail = (error: Error) => {
      this.#failure = error;
    };
    this.#connection = await connectTo(transport, {
      urls: [this.#url],
      clientId: CLIENT_ID,
      channels: [CHANNEL],
      payload: this.circumstances.payload,
      publishes: true,
      credentials,
      signal: AbortSignal.timeout(this.#timeoutMs),
      onMessage: (body) => this.#inbox.push(Buffer.from(body)),
      onDrop: fail,
      onGap: (oldestId) => fail(new Error(`a gap before ${oldestId}`)),
      onSendFailed: fail,
    });
    const { total } = this.#sample();
    await this.#quiet();
    const opened = this.#sample();
    this.#opening = opened.bytes;
    return opened.total === total;
  }

  /** The bytes of a step in which the server answered `answers`; repeated where a poll came between. */
  async #alone(answers: { total?: number; empty: number }, step: () => Promise<void>): Promise<Traffic> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      await this.#quiet();
      const before = this.#sample();
      await step();
      const after = this.#sample();
      const { total, empty } = answers;
      const alone =
        (total === undefined || after.total - before.total === total) && after.empty - before.empty === empty;
      if (alone) return { up: after.bytes.up - before.bytes.up, down: after.bytes.down - before.bytes.down };
    }
    throw new Error(TOO_BUSY);
  }

  #sample() {
    const { total, empty } = this.#server.ledger.answers;
    return { bytes: this.#server.door.sample().bytes, total, empty };
  }

  async #quiet(): Promise<void> {
    let seen = this.total;
    let sinceMs = performance.now();
    for (let turns = 0; turns < QUIET_TURNS || performance.now() - sinceMs < QUIET_MS; turns++) {
      await nextTurn();
      this.#throwFailure();
      const now = this.total;
      if (now.up === seen.up && now.down === seen.down) continue;
      seen = now;
      sinceMs = performance.now();
      turns = 0;
    }
  }

  async #until(happened: () => boolean, otherwise: string): Promise<void> {
    const deadlineMs = performance.now() + this.#timeoutMs;
    while (!happened()) {
      await nextTurn();
      this.#throwFailure();
      if (performance.now() > deadlineMs) throw new Error(`${otherwise} within ${this.#timeoutMs / 1_000} s`);
    }
  }

  #expectOne(arrived: readonly Buffer[], body: Buffer, what: string): void {
    if (arrived.length !== 1) throw new Error(`one ${what} arrived ${arrived.length} times`);
    if (!arrived[0]?.equals(body)) throw new Error(`a ${what} of ${body.length} B did not arrive as it was sent`);
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure;
  }
}

/** What clients publish ends here, so that it is not mixed with a delivery. */
class ExchangeHub extends MessageHub {
  readonly received: Buffer[] = [];

  constructor() {
    super(HUB_OPTIONS);
  }

  override receive(channel: string, body: Buffer) {
    this.received.push(Buffer.from(body));
    return { id: this.lastId, channel, body };
  }
}
