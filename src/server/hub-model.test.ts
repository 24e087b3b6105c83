import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Message, Subscriber } from '../transports/transport.js';
import { type HubOptions, MessageHub } from './hub.js';

const channel = fc.constantFrom('a', 'b', 'c');
const channels = fc.uniqueArray(channel, { minLength: 1, maxLength: 3 });
const who = fc.nat(5);
/** How far a cursor lies behind the newest message; null: no cursor. */
const back = fc.option(fc.integer({ min: 0, max: 10 }));
const room = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant(1_000));
const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('publish' as const), channel, bytes: fc.nat(12) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('receive' as const), channel, bytes: fc.nat(12) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('subscribe' as const), channels, back, room }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('resume' as const), who, room }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('read' as const), channels, back }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), channels }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), who }) },
);
const options = fc.record({
  firstId: fc.integer({ min: 1, max: 20 }),
  history: fc.record({ messages: fc.integer({ min: 1, max: 6 }), bytes: fc.integer({ min: 1, max: 40 }) }),
  limits: fc.record({
    maxAnswerMessages: fc.integer({ min: 1, max: 3 }),
    maxAnswerBytes: fc.integer({ min: 0, max: 20 }),
  }),
});

it('neither loses nor repeats nor swaps a message, and tells of a gap exactly where one is', () => {
  fc.assert(
    fc.property(options, fc.array(action, { maxLength: 60 }), (given, actions) => {
      const hub = new MessageHub(given);
      const model = new Model(given);
      const readers: { model: ModelReader; listener: Listener; resume: () => void; close: () => void }[] = [];
      const waits: { model: ModelWait; woken: number; cancel: () => void }[] = [];
      for (const one of actions) {
        if (one.do === 'publish' || one.do === 'receive') {
          const body = Buffer.alloc(one.bytes, model.nextId);
          const message = hub[one.do](one.channel, body);
          expect(message).toEqual({ id: model.nextId, channel: one.channel, body });
          model.publish(message);
        } else if (one.do === 'subscribe') {
          const since = one.back === null ? null : hub.lastId - one.back;
          const listener = new Listener();
          listener.room = one.room;
          const reader = model.subscribe(one.channels, since, one.room);
          readers.push({ model: reader, listener, ...hub.subscribe(one.channels, since, listener) });
        } else if (one.do === 'resume') {
          const reader = readers[one.who];
          if (reader?.model.state !== 'paused') continue;
          reader.listener.room = one.room;
          model.resume(reader.model, one.room);
          reader.resume();
        } else if (one.do === 'close') {
          const reader = readers[one.who];
          if (!reader) continue;
          reader.model.state = 'closed';
          reader.close();
        } else if (one.do === 'read') {
          const since = one.back === null ? null : hub.lastId - one.back;
          expect(hub.read(one.channels, since)).toEqual(model.read(one.channels, since));
        } else if (one.do === 'wait') {
          const wait = { model: model.wait(one.channels), woken: 0, cancel: () => {} };
          wait.cancel = hub.waitFor(one.channels, () => wait.woken++);
          waits.push(wait);
        } else {
          const wait = waits[one.who];
          if (!wait) continue;
          wait.model.waiting = false;
          wait.cancel();
        }
        expect(hub.lastId).toBe(model.nextId - 1);
        for (const { model: expected, listener } of readers) {
          expect(listener.messages).toEqual(expected.got);
          expect(listener.gaps).toEqual(expected.gaps);
        }
        expect(waits.map(({ woken }) => woken)).toEqual(waits.map(({ model: wait }) => wait.woken));
      }
    }),
    { numRuns: 300 },
  );
});

/** Keeps what it is given; says that it is full once `room` messages have come. */
class Listener implements Subscriber {
  readonly messages: Message[] = [];
  readonly gaps: number[] = [];
  room = Number.POSITIVE_INFINITY;

  deliver(message: Message): boolean {
    this.messages.push(message);
    return --this.room > 0;
  }

  gap(oldestId: number): void {
    this.gaps.push(oldestId);
  }

  tooSlow(): void {
    throw new Error('readers of this test may wait');
  }

  waitingBytes(): number {
    return 0;
  }
}

interface ModelReader {
  readonly channels: readonly string[];
  readonly got: Message[];
  readonly gaps: number[];
  cursor: number;
  room: number;
  state: 'live' | 'paused' | 'closed';
}

interface ModelWait {
  readonly channels: readonly string[];
  waiting: boolean;
  woken: number;
}

/** Remembers every message ever and works everything out anew each time. */
class Model {
  readonly #options: HubOptions;
  readonly #log: Message[] = [];
  readonly #readers: ModelReader[] = [];
  readonly #waits: ModelWait[] = [];

  constructor(given: HubOptions) {
    this.#options = given;
  }

  get nextId(): number {
    return this.#options.firstId + this.#log.length;
  }

  /** The longest run of newest messages that fits the bounds, the newest in any case. */
  get kept(): Message[] {
    const { messages, bytes } = this.#options.history;
    let from = Math.max(0, this.#log.length - messages);
    const bytesFrom = () => this.#log.slice(from).reduce((sum, { body }) => sum + body.length, 0);
    while (from < this.#log.length - 1 && bytesFrom() > bytes) from++;
    return this.#log.slice(from);
  }

  get oldestId(): number {
    return this.kept[0]?.id ?? this.#options.firstId;
  }

  publish(message: Message): void {
    this.#log.push(message);
    for (const reader of this.#readers) this.#deliver(reader);
    for (const wait of this.#waits) {
      if (!wait.waiting || !wait.channels.includes(message.channel)) continue;
      wait.waiting = false;
      wait.woken++;
    }
  }

  subscribe(on: readonly string[], since: number | null, space: number): ModelReader {
    const cursor = since ?? this.nextId - 1;
    const reader: ModelReader = { channels: on, got: [], gaps: [], cursor, room: space, state: 'live' };
    this.#readers.push(reader);
    this.#catchUp(reader);
    return reader;
  }

  resume(reader: ModelReader, space: number): void {
    reader.room = space;
    reader.state = 'live';
    this.#catchUp(reader);
  }

  read(of: readonly string[], since: number | null) {
    const after = since ?? this.nextId - 1;
    if (after < this.oldestId - 1) return { gap: true, oldestId: this.oldestId };
    const { maxAnswerMessages, maxAnswerBytes } = this.#options.limits;
    const found = this.kept.filter(({ id, channel: on }) => id > after && of.includes(on));
    let fits = Math.min(found.length, 1);
    const bytesOf = (count: number) => found.slice(0, count).reduce((sum, { body }) => sum + body.length, 0);
    while (fits < Math.min(found.length, maxAnswerMessages) && bytesOf(fits + 1) <= maxAnswerBytes) fits++;
    const next = found[fits];
    return {
      gap: false,
      messages: found.slice(0, fits),
      last: (next?.id ?? this.nextId) - 1,
      more: next !== undefined,
    };
  }

  wait(on: readonly string[]): ModelWait {
    const wait = { channels: on, waiting: true, woken: 0 };
    this.#waits.push(wait);
    return wait;
  }

  #catchUp(reader: ModelReader): void {
    if (reader.cursor < this.oldestId - 1) {
      reader.gaps.push(this.oldestId);
      reader.state = 'closed';
    }
    this.#deliver(reader);
  }

  #deliver(reader: ModelReader): void {
    for (const message of this.#log) {
      if (reader.state !== 'live' || message.id <= reader.cursor) continue;
      reader.cursor = message.id;
      if (!reader.channels.includes(message.channel)) continue;
      reader.got.push(message);
      if (--reader.room === 0) reader.state = 'paused';
    }
  }
}
