import type { Standing } from '../protocol/standing.js';
import { randomStream } from '../random.js';
import { WAIT, type WhenFull } from '../scenario/when-full.js';
import type { Hub, HubRead, Message, ServerLimits, Subscriber, Subscription } from '../transports/transport.js';
import type { DeliveryStamps } from './delivery-stamps.js';
import type { MessageLog } from './message-log.js';
import { noLosses, type Reader, standingOf } from './reader.js';

const NOT_STAMPED = -1;

export interface HubOptions {
  /** Id of the first message. */
  readonly firstId: number;
  /** Most messages, and most bytes of bodies, that are kept for cursors. */
  readonly history: { readonly messages: number; readonly bytes: number };
  readonly limits: Pick<ServerLimits, 'maxAnswerMessages' | 'maxAnswerBytes'>;
  /** Called for each message before anybody gets it. */
  readonly onMessage?: () => void;
  readonly stamps?: DeliveryStamps | undefined;
  /** What becomes of readers that are full; by default they wait. How much makes one full is the transport's to know. */
  readonly whenFull?: WhenFull;
  /** Where messages outlive the process: each is appended before anybody gets it, and those there are the history. */
  readonly log?: MessageLog | undefined;
}

/** The reference server's log: one counter of ids, bounded history, fan-out in the order of subscribing. */
export class MessageHub implements Hub {
  readonly #history: HubOptions['history'];
  readonly #limits: HubOptions['limits'];
  readonly #onMessage: () => void;
  readonly #stamps: DeliveryStamps | undefined;
  readonly #whenFull: WhenFull;
  readonly #log: MessageLog | undefined;
  /** A ring: the message with id `i` sits at `i % history.messages`. */
  readonly #ring: Message[] = [];
  #oldestId: number;
  #nextId: number;
  #bytes = 0;
  readonly #readers = new Map<string, Set<Reader>>();
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #drawWakeOrder = randomStream(1, 'wake order');
  #published = 0;
  #received = 0;
  #delivered = 0;
  readonly #subscribed = new Set<Reader>();
  readonly #losses = { slow: noLosses(), others: noLosses() };
  /** Local ports by which slow readers come in, so that they can be told from the others. */
  readonly slowPorts = new Set<number>();
  /** Takes the messages of clients instead of whoever subscribes: they end there. `null`: they are published. */
  uplinkEnd: ((body: Buffer) => void) | null = null;
  /** Called for each message of a client as it comes, with its channel. */
  onReceived: ((channel: string) => void) | null = null;

  constructor(options: HubOptions) {
    this.#history = options.history;
    this.#limits = options.limits;
    this.#onMessage = options.onMessage ?? (() => {});
    this.#stamps = options.stamps;
    this.#whenFull = options.whenFull ?? WAIT;
    this.#oldestId = options.firstId;
    this.#nextId = options.firstId;
    this.#log = options.log;
    this.#log?.read((channel, body) => this.#keep({ id: this.#nextId++, channel, body }));
  }

  get lastId(): number {
    return this.#nextId - 1;
  }

  /** Messages put in from outside and by clients, and handed to subscribers. */
  get counts(): { readonly published: number; readonly received: number; readonly delivered: number } {
    return { published: this.#published, received: this.#received, delivered: this.#delivered };
  }

  /** How subscribers stand: those that came in by `slowPorts`, and the others. */
  get standing(): Standing {
    const { slow, others } = this.#losses;
    return { slow: standingOf(this.#subscribed, slow), others: standingOf(this.#subscribed, others) };
  }

  /** A message from outside. */
  publish(channel: string, body: Buffer): Message {
    this.#published++;
    return this.#append(channel, body);
  }

  receive(channel: string, body: Buffer): Message {
    this.#received++;
    this.onReceived?.(channel);
    if (this.uplinkEnd) {
      this.#onMessage();
      this.uplinkEnd(body);
      return { id: this.lastId, channel, body };
    }
    return this.#append(channel, body);
  }

  read(channels: readonly string[], since: number | null, localPort?: number): HubRead {
    const read = this.#read(channels, since);
    const reader = this.#readerOf(localPort);
    if (reader !== NOT_STAMPED && !read.gap) for (const message of read.messages) this.#stamps?.turn(reader, message);
    return read;
  }

  #readerOf(localPort: number | undefined): number {
    return localPort === undefined ? NOT_STAMPED : (this.#stamps?.readerOfPort.get(localPort) ?? NOT_STAMPED);
  }

  #read(channels: readonly string[], since: number | null): HubRead {
    const after = since ?? this.lastId;
    if (after < this.#oldestId - 1) return { gap: true, oldestId: this.#oldestId };
    const messages: Message[] = [];
    let bytes = 0;
    for (let id = after + 1; id < this.#nextId; id++) {
      const message = this.#at(id);
      if (!channels.includes(message.channel)) continue;
      const full =
        messages.length === this.#limits.maxAnswerMessages || bytes + message.body.length > this.#limits.maxAnswerBytes;
      // One message always fits, or a body above the limit would never leave.
      if (full && messages.length > 0) return { gap: false, messages, last: id - 1, more: true };
      messages.push(message);
      bytes += message.body.length;
    }
    return { gap: false, messages, last: this.lastId, more: false };
  }

  waitFor(channels: readonly string[], onMessage: () => void): () => void {
    let waits = true;
    const cancel = () => {
      waits = false;
      for (const channel of channels) removeFrom(this.#waiting, channel, wake);
    };
    const wake = () => {
      // Taken back by another one that the same message woke.
      if (!waits) return;
      cancel();
      onMessage();
    };
    for (const channel of channels) setOf(this.#waiting, channel).add(wake);
    return cancel;
  }

  subscribe(channels: readonly string[], since: number | null, subscriber: Subscriber): Subscription {
    // A cursor from another life of the server may lie ahead of this log; whoever has it misses nothing from here on.
    const cursor = Math.min(since ?? this.lastId, this.lastId);
    const reader: Reader = {
      subscriber,
      channels: new Set(channels),
      cursor,
      state: 'live',
      stampedAs: this.#readerOf(subscriber.localPort),
      behind: 0,
      countedId: this.lastId,
      timeout: undefined,
      losses: this.slowPorts.has(subscriber.localPort ?? 0) ? this.#losses.slow : this.#losses.others,
    };
    reader.behind = this.#countAfter(cursor, reader.channels);
    this.#subscribed.add(reader);
    for (const channel of reader.channels) setOf(this.#readers, channel).add(reader);
    const resume = () => {
      if (reader.state !== 'paused') return;
      clearTimeout(reader.timeout);
      reader.state = 'live';
      if (this.#whenFull.policy === 'drop-oldest') this.#skipAhead(reader);
      this.#catchUp(reader);
      if (onFinished) finish(onFinished);
    };
    let onFinished: (() => void) | undefined;
    const finish = (callback: () => void) => {
      onFinished = callback;
      // One that is paused finishes when it has caught up.
      if (reader.state !== 'live') return;
      this.#close(reader);
      callback();
    };
    this.#catchUp(reader);
    return { resume, finish, close: () => this.#close(reader) };
  }

  #close(reader: Reader): void {
    reader.state = 'closed';
    clearTimeout(reader.timeout);
    this.#subscribed.delete(reader);
    for (const channel of reader.channels) removeFrom(this.#readers, channel, reader);
  }

  /** Delivers from the reader's cursor on; the end of one whose cursor has fallen out of the history. */
  #catchUp(reader: Reader): void {
    while (reader.state === 'live' && reader.cursor < this.lastId) {
      if (reader.cursor < this.#oldestId - 1) {
        reader.losses.gaps++;
        this.#close(reader);
        reader.subscriber.gap(this.#oldestId);
        return;
      }
      const message = this.#at(reader.cursor + 1);
      if (!reader.channels.has(message.channel)) {
        reader.cursor = message.id;
        continue;
      }
      if (message.id <= reader.countedId) reader.behind--;
      else reader.countedId = message.id;
      this.#deliver(reader, message);
    }
  }

  #deliver(reader: Reader, message: Message): void {
    reader.cursor = message.id;
    this.#delivered++;
    if (reader.stampedAs !== NOT_STAMPED) this.#stamps?.turn(reader.stampedAs, message);
    if (!reader.subscriber.deliver(message) && reader.state === 'live') this.#pause(reader);
  }

  #pause(reader: Reader): void {
    reader.state = 'paused';
    if (this.#whenFull.policy !== 'disconnect') return;
    reader.timeout = setTimeout(() => this.#disconnect(reader), this.#whenFull.afterMs).unref();
  }

  /** A message has come for a reader that is full. */
  #fallBehind(reader: Reader, { id }: Message): void {
    if (id <= reader.countedId) return;
    reader.countedId = id;
    reader.behind++;
    const whenFull = this.#whenFull;
    if (whenFull.policy === 'drop-oldest' && reader.behind > whenFull.keepMessages) {
      reader.behind--;
      reader.losses.dropped++;
    } else if (whenFull.policy === 'disconnect' && reader.behind > whenFull.behindMessages) {
      this.#disconnect(reader);
    }
  }

  #disconnect(reader: Reader): void {
    reader.losses.disconnected++;
    this.#close(reader);
    reader.subscriber.tooSlow();
  }

  /** Leaves the newest `reader.behind` messages to the reader, or as many of them as the history still has. */
  #skipAhead(reader: Reader): void {
    let wanted = reader.behind;
    if (wanted > 0) {
      let id = reader.countedId;
      for (; wanted > 0 && id >= this.#oldestId; id--) if (reader.channels.has(this.#at(id).channel)) wanted--;
      reader.cursor = id;
    }
    reader.behind -= wanted;
    reader.losses.dropped += wanted;
    reader.cursor = Math.max(reader.cursor, this.#oldestId - 1);
  }

  #countAfter(cursor: number, channels: ReadonlySet<string>): number {
    let count = 0;
    for (let id = Math.max(cursor + 1, this.#oldestId); id < this.#nextId; id++) {
      if (channels.has(this.#at(id).channel)) count++;
    }
    return count;
  }

  #append(channel: string, body: Buffer): Message {
    this.#onMessage();
    this.#log?.append(channel, body);
    const message: Message = { id: this.#nextId++, channel, body };
    this.#stamps?.take(message);
    this.#keep(message);
    const readers = this.#readers.get(channel);
    if (readers) {
      for (const reader of readers) {
        // A reader that subscribes from within a delivery has this message behind its cursor already.
        if (reader.state === 'live') {
          if (reader.cursor < message.id) this.#deliver(reader, message);
        } else if (reader.state === 'paused') this.#fallBehind(reader, message);
      }
    }
    const waiting = this.#waiting.get(channel);
    if (waiting) {
      // Whoever waits again from within the callback waits for the next message.
      this.#waiting.delete(channel);
      this.#wakeAll([...waiting]);
    }
    return message;
  }

  #keep(message: Message): void {
    this.#makeRoom(message.body.length);
    this.#ring[message.id % this.#history.messages] = message;
    this.#bytes += message.body.length;
  }

  /**
   * From a random place in the order of waiting, and round. In that order, a client that asks again sooner than the
   * others (a probe beside a busy crowd) would be answered first for ever, and its latency would not be anyone's.
   */
  #wakeAll(wakes: readonly (() => void)[]): void {
    const from = Math.floor(this.#drawWakeOrder() * wakes.length);
    for (let i = 0; i < wakes.length; i++) wakes[(from + i) % wakes.length]?.();
  }

  #makeRoom(bytes: number): void {
    const { messages: maxMessages, bytes: maxBytes } = this.#history;
    // The newest message stays whatever its size: it is on its way to readers.
    while (
      this.#oldestId < this.#nextId - 1 &&
      (this.#nextId - this.#oldestId > maxMessages || this.#bytes + bytes > maxBytes)
    ) {
      this.#bytes -= this.#at(this.#oldestId).body.length;
      delete this.#ring[this.#oldestId % maxMessages];
      this.#oldestId++;
    }
  }

  #at(id: number): Message {
    const message = this.#ring[id % this.#history.messages];
    if (message?.id !== id) throw new Error(`message ${id} is not in the history`);
    return message;
  }
}

function setOf<T>(map: Map<string, Set<T>>, key: string): Set<T> {
  let set = map.get(key);
  if (!set) {
    set = new Set();
    map.set(key, set);
  }
  return set;
}

/** Keeps no empty sets: peers choose the names of channels. */
function removeFrom<T>(map: Map<string, Set<T>>, key: string, item: T): void {
  const set = map.get(key);
  if (set?.delete(item) && set.size === 0) map.delete(key);
}
