import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WhenFull } from '../scenario/when-full.js';
import type { Message, Subscriber } from '../transports/transport.js';
import { MessageHub } from './hub.js';

const MIB = 1_048_576;
const LIMITS = { maxAnswerMessages: 100, maxAnswerBytes: MIB };

function hubOf(whenFull: WhenFull, messages = 100): MessageHub {
  return new MessageHub({ firstId: 1, history: { messages, bytes: MIB }, limits: LIMITS, whenFull });
}

/** Takes `room` messages, then says that it is full. */
class Slow implements Subscriber {
  readonly ids: number[] = [];
  readonly gaps: number[] = [];
  readonly localPort: number | undefined;
  ended = 0;
  room: number;

  constructor(room: number, localPort?: number) {
    this.room = room;
    this.localPort = localPort;
  }

  deliver({ id }: Message): boolean {
    this.ids.push(id);
    return --this.room > 0;
  }

  gap(oldestId: number): void {
    this.gaps.push(oldestId);
  }

  tooSlow(): void {
    this.ended++;
  }

  waitingBytes(): number {
    return 10;
  }
}

function publish(hub: MessageHub, count: number, channel = 'a'): void {
  for (let i = 0; i < count; i++) hub.publish(channel, Buffer.from('body'));
}

describe('a full reader that may wait', () => {
  it('goes on where it was', () => {
    const hub = hubOf({ policy: 'wait', bufferBytes: MIB });
    const slow = new Slow(1);
    const { resume } = hub.subscribe(['a'], null, slow);
    publish(hub, 10);
    expect(hub.standing.others).toMatchObject({ full: 1, behindMessages: 9, waitingBytes: 10 });
    slow.room = 100;
    resume();
    expect(slow.ids).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(hub.standing.others).toMatchObject({ full: 0, behindMessages: 0, dropped: 0, disconnected: 0, gaps: 0 });
  });

  it('is told of a gap when it has fallen out of the history', () => {
    const hub = hubOf({ policy: 'wait', bufferBytes: MIB }, 5);
    const slow = new Slow(1);
    const { resume } = hub.subscribe(['a'], null, slow);
    publish(hub, 10);
    resume();
    expect([slow.ids, slow.gaps]).toEqual([[1], [6]]);
    expect(hub.standing.others).toMatchObject({ readers: 0, gaps: 1 });
  });
});

describe('drop-oldest', () => {
  const KEEP_3 = { policy: 'drop-oldest', keepMessages: 3, bufferBytes: MIB } as const;

  it('goes on with the newest that are kept, and counts the others', () => {
    const hub = hubOf(KEEP_3);
    const slow = new Slow(1);
    const { resume } = hub.subscribe(['a'], null, slow);
    publish(hub, 10);
    expect(hub.standing.others).toMatchObject({ behindMessages: 3, dropped: 6 });
    slow.room = 100;
    resume();
    publish(hub, 1);
    expect(slow.ids).toEqual([1, 8, 9, 10, 11]);
    expect(hub.standing.others).toMatchObject({ behindMessages: 0, dropped: 6 });
  });

  it('drops nothing of a reader that is no further behind', () => {
    const hub = hubOf(KEEP_3);
    const slow = new Slow(1);
    const { resume } = hub.subscribe(['a'], null, slow);
    publish(hub, 4);
    slow.room = 100;
    resume();
    expect(slow.ids).toEqual([1, 2, 3, 4]);
    expect(hub.standing.others.dropped).toBe(0);
  });

  it('counts messages of its own channels alone', () => {
    const hub = hubOf(KEEP_3);
    const slow = new Slow(1);
    const { resume } = hub.subscribe(['a'], null, slow);
    for (let i = 0; i < 5; i++) publish(hub, 1, i % 2 === 0 ? 'a' : 'b');
    publish(hub, 20, 'b');
    expect(hub.standing.others).toMatchObject({ behindMessages: 2, dropped: 0 });
    slow.room = 100;
    resume();
    expect(slow.ids).toEqual([1, 3, 5]);
  });

  it('never makes a gap, and counts what the history no longer has', () => {
    const hub = hubOf({ ...KEEP_3, keepMessages: 50 }, 5);
    const slow = new Slow(1);
    const { resume } = hub.subscribe(['a'], null, slow);
    publish(hub, 20);
    slow.room = 100;
    resume();
    expect([slow.ids, slow.gaps]).toEqual([[1, 16, 17, 18, 19, 20], []]);
    expect(hub.standing.others.dropped).toBe(14);
  });

  it('delivers or drops every message once, whatever room there is and when', () => {
    const step = fc.oneof(
      fc.record({ publish: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ resumeWith: fc.integer({ min: 1, max: 4 }) }),
    );
    const given = fc.record({
      keepMessages: fc.integer({ min: 1, max: 8 }),
      history: fc.integer({ min: 1, max: 10 }),
      room: fc.integer({ min: 1, max: 3 }),
      steps: fc.array(step, { maxLength: 80 }),
    });
    fc.assert(
      fc.property(given, ({ keepMessages, history, room, steps }) => {
        const hub = hubOf({ ...KEEP_3, keepMessages }, history);
        const slow = new Slow(room);
        const { resume } = hub.subscribe(['a', 'b'], null, slow);
        const own: number[] = [];
        for (const one of steps) {
          if ('resumeWith' in one) {
            if (slow.room <= 0) slow.room = one.resumeWith;
            resume();
          } else {
            const { id } = hub.publish(one.publish, Buffer.from('body'));
            if (one.publish !== 'c') own.push(id);
          }
          const { behindMessages, dropped } = hub.standing.others;
          expect(behindMessages).toBeLessThanOrEqual(keepMessages);
          expect(slow.ids.length + behindMessages + dropped).toBe(own.length);
        }
        slow.room = Number.POSITIVE_INFINITY;
        resume();
        expect(slow.gaps).toEqual([]);
        expect(slow.ids).toEqual([...new Set(slow.ids)].sort((a, b) => a - b));
        expect(slow.ids.length + hub.standing.others.dropped).toBe(own.length);
        // What it got last are the newest, without a hole among those that were kept.
        const kept = Math.min(keepMessages, own.length, slow.ids.length);
        if (history >= 10 && kept > 0) expect(slow.ids.at(-1)).toBe(own.at(-1));
      }),
    );
  });
});

describe('disconnect', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const AFTER_1_S = { policy: 'disconnect', afterMs: 1_000, behindMessages: 5, bufferBytes: MIB } as const;

  it('ends a reader that has been full for so long', () => {
    const hub = hubOf(AFTER_1_S);
    const slow = new Slow(1);
    const { resume } = hub.subscribe(['a'], null, slow);
    publish(hub, 1);
    vi.advanceTimersByTime(999);
    expect(slow.ended).toBe(0);
    vi.advanceTimersByTime(1);
    publish(hub, 1);
    resume();
    expect([slow.ended, slow.ids]).toEqual([1, [1]]);
    expect(hub.standing.others).toMatchObject({ readers: 0, disconnected: 1, waitingBytes: 0, behindMessages: 0 });
  });

  it('begins anew when there is room', () => {
    const hub = hubOf(AFTER_1_S);
    const slow = new Slow(1);
    const { resume } = hub.subscribe(['a'], null, slow);
    for (let i = 0; i < 3; i++) {
      publish(hub, 1);
      vi.advanceTimersByTime(999);
      slow.room = 1;
      resume();
    }
    vi.advanceTimersByTime(10_000);
    expect([slow.ended, slow.ids]).toEqual([0, [1, 2, 3]]);
  });

  it('ends a reader that is further behind than allowed', () => {
    const hub = hubOf(AFTER_1_S);
    const [slow, healthy] = [new Slow(1), new Slow(Number.POSITIVE_INFINITY)];
    hub.subscribe(['a'], null, slow);
    hub.subscribe(['a'], null, healthy);
    publish(hub, 6);
    expect(slow.ended).toBe(0);
    publish(hub, 1);
    expect([slow.ended, healthy.ended]).toEqual([1, 0]);
    expect(healthy.ids).toHaveLength(7);
    vi.advanceTimersByTime(10_000);
    expect(slow.ended).toBe(1);
  });

  it('is called off by the end of the subscription', () => {
    const hub = hubOf(AFTER_1_S);
    const slow = new Slow(1);
    const { close } = hub.subscribe(['a'], null, slow);
    publish(hub, 1);
    close();
    vi.advanceTimersByTime(10_000);
    expect(slow.ended).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('tells readers of the slow ports from the others', () => {
  const hub = hubOf({ policy: 'drop-oldest', keepMessages: 1, bufferBytes: MIB });
  hub.slowPorts.add(7);
  hub.subscribe(['a'], null, new Slow(1, 7));
  hub.subscribe(['a'], null, new Slow(100, 8));
  publish(hub, 4);
  expect(hub.standing).toEqual({
    slow: { readers: 1, full: 1, waitingBytes: 10, behindMessages: 1, dropped: 2, disconnected: 0, gaps: 0 },
    others: { readers: 1, full: 0, waitingBytes: 10, behindMessages: 0, dropped: 0, disconnected: 0, gaps: 0 },
  });
});
