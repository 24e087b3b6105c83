import { describe, expect, it } from 'vitest';
import type { Message, Subscriber } from '../transports/transport.js';
import { type HubOptions, MessageHub } from './hub.js';

const MIB = 1024 * 1024;

function hubOf({
  firstId = 1,
  history = { messages: 100, bytes: MIB },
  limits = { maxAnswerMessages: 100, maxAnswerBytes: MIB },
}: Partial<HubOptions> = {}): MessageHub {
  return new MessageHub({ firstId, history, limits });
}

/** Keeps what it is given; says that it is full once `room` messages have come. */
class Listener implements Subscriber {
  readonly messages: Message[] = [];
  readonly gaps: number[] = [];
  room = Number.POSITIVE_INFINITY;
  onDeliver: (message: Message) => void = () => {};

  deliver(message: Message): boolean {
    this.messages.push(message);
    this.onDeliver(message);
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

  get ids(): number[] {
    return this.messages.map(({ id }) => id);
  }
}

function publish(hub: MessageHub, ...channels: string[]): void {
  for (const channel of channels) hub.publish(channel, Buffer.from('body'));
}

describe('ids', () => {
  it('grow by one over all channels, whoever publishes, from the first one on', () => {
    const hub = hubOf({ firstId: 10_000_001 });
    expect(hub.lastId).toBe(10_000_000);
    expect(hub.publish('a', Buffer.from('1')).id).toBe(10_000_001);
    expect(hub.receive('b', Buffer.from('2')).id).toBe(10_000_002);
    expect(hub.publish('a', Buffer.from('3')).id).toBe(10_000_003);
    expect(hub.lastId).toBe(10_000_003);
  });
});

it('counts what was published, received and delivered', () => {
  const hub = hubOf();
  hub.subscribe(['a'], null, new Listener());
  hub.subscribe(['a', 'b'], null, new Listener());
  publish(hub, 'a', 'b', 'c');
  hub.receive('b', Buffer.from('from a client'));
  expect(hub.counts).toEqual({ published: 3, received: 1, delivered: 4 });
});

describe('read', () => {
  it.each<[what: string, channels: string[], since: number | null, ids: number[], last: number]>([
    ['from now on', ['a', 'b'], null, [], 5],
    ['everything', ['a', 'b'], 0, [1, 2, 3, 4, 5], 5],
    ['one channel', ['a'], 0, [1, 3, 5], 5],
    ['an unknown channel', ['c'], 0, [], 5],
    ['after a cursor', ['a', 'b'], 3, [4, 5], 5],
    ['after the newest', ['a', 'b'], 5, [], 5],
    ['after a cursor from another life', ['a', 'b'], 99, [], 5],
  ])('%s', (_what, channels, since, ids, last) => {
    const hub = hubOf();
    publish(hub, 'a', 'b', 'a', 'b', 'a');
    const read = hub.read(channels, since);
    expect(read).toMatchObject({ gap: false, last, more: false });
    expect(read.gap ? [] : read.messages.map(({ id }) => id)).toEqual(ids);
  });

  it('stops at the most messages of an answer and says where to go on', () => {
    const hub = hubOf({ limits: { maxAnswerMessages: 2, maxAnswerBytes: MIB } });
    publish(hub, 'a', 'b', 'a', 'b', 'a');
    expect(hub.read(['a'], 0)).toMatchObject({ messages: [{ id: 1 }, { id: 3 }], last: 4, more: true });
    expect(hub.read(['a'], 4)).toMatchObject({ messages: [{ id: 5 }], last: 5, more: false });
  });

  it('says that there is no more where the rest is of other channels', () => {
    const hub = hubOf({ limits: { maxAnswerMessages: 2, maxAnswerBytes: MIB } });
    publish(hub, 'a', 'a', 'b', 'b');
    expect(hub.read(['a'], 0)).toMatchObject({ messages: [{ id: 1 }, { id: 2 }], last: 4, more: false });
  });

  it.each([
    [[4, 4, 1], 10, [1, 2, 3], false],
    [[4, 4, 2], 10, [1, 2, 3], false],
    [[4, 4, 3], 10, [1, 2], true],
    [[11, 1], 10, [1], true],
    [[1, 11, 1], 10, [1], true],
    [[0, 0, 0], 0, [1, 2, 3], false],
  ])('of bodies of %j bytes an answer of %i holds %j', (sizes, maxAnswerBytes, ids, more) => {
    const hub = hubOf({ limits: { maxAnswerMessages: 100, maxAnswerBytes } });
    for (const bytes of sizes) hub.publish('a', Buffer.alloc(bytes));
    const read = hub.read(['a'], 0);
    expect(read).toMatchObject({ gap: false, more, last: more ? ids.length : sizes.length });
    expect(read.gap ? [] : read.messages.map(({ id }) => id)).toEqual(ids);
  });
});

describe('history', () => {
  it.each<[bound: string, history: HubOptions['history'], sizes: number[], oldestId: number]>([
    ['messages', { messages: 2, bytes: 100 }, [1, 1, 1, 1], 3],
    ['not yet messages', { messages: 4, bytes: 100 }, [1, 1, 1, 1], 1],
    ['bytes', { messages: 100, bytes: 10 }, [5, 5, 5], 2],
    ['not yet bytes', { messages: 100, bytes: 15 }, [5, 5, 5], 1],
    ['bytes, several at once', { messages: 100, bytes: 10 }, [2, 2, 2, 2, 9], 5],
    ['one larger than all of it', { messages: 100, bytes: 10 }, [2, 2, 50], 3],
    ['one after one larger than all of it', { messages: 100, bytes: 10 }, [50, 2], 2],
  ])('is bounded by %s', (_bound, history, sizes, oldestId) => {
    const hub = hubOf({ history });
    for (const bytes of sizes) hub.publish('a', Buffer.alloc(bytes));
    expect(hub.read(['a'], oldestId - 1)).toMatchObject({ gap: false });
    if (oldestId > 1) expect(hub.read(['a'], oldestId - 2)).toEqual({ gap: true, oldestId });
  });

  it('gives a cursor before it a gap, on subscribing and on resuming, and nothing afterwards', () => {
    const hub = hubOf({ history: { messages: 2, bytes: MIB } });
    publish(hub, 'a', 'a', 'a');
    const late = new Listener();
    hub.subscribe(['a'], 0, late).resume();
    const slow = new Listener();
    slow.room = 1;
    const subscription = hub.subscribe(['a'], null, slow);
    publish(hub, 'a', 'a', 'a', 'a');
    subscription.resume();
    subscription.resume();
    publish(hub, 'a');
    expect([late.gaps, late.ids]).toEqual([[2], []]);
    expect([slow.gaps, slow.ids]).toEqual([[6], [4]]);
  });

  it('has no gap for a live reader of a channel that was silent for longer than it', () => {
    const hub = hubOf({ history: { messages: 2, bytes: MIB } });
    const listener = new Listener();
    const subscription = hub.subscribe(['quiet'], null, listener);
    publish(hub, 'a', 'a', 'a', 'a', 'quiet');
    subscription.resume();
    publish(hub, 'quiet');
    expect([listener.ids, listener.gaps]).toEqual([[5, 6], []]);
  });
});

describe('subscribe', () => {
  it('takes a cursor from another life of the server as "from now on"', () => {
    const hub = hubOf();
    publish(hub, 'a');
    const listener = new Listener();
    hub.subscribe(['a'], 1_000, listener);
    publish(hub, 'a');
    expect(listener.ids).toEqual([2]);
  });

  it('delivers the same message to all, in the order of subscribing', () => {
    const hub = hubOf();
    const order: string[] = [];
    const listeners = ['first', 'second', 'third'].map((name) => {
      const listener = new Listener();
      listener.onDeliver = () => order.push(name);
      hub.subscribe(['a'], null, listener);
      return listener;
    });
    const message = hub.publish('a', Buffer.from('body'));
    expect(order).toEqual(['first', 'second', 'third']);
    for (const { messages } of listeners) expect(messages[0]).toBe(message);
  });

  it('is closed from within a delivery, of a backlog too', () => {
    const hub = hubOf();
    publish(hub, 'a', 'a');
    const live = new Listener();
    const liveSubscription = hub.subscribe(['a'], null, live);
    live.onDeliver = () => liveSubscription.close();
    publish(hub, 'a', 'a');
    const behind = new Listener();
    behind.room = 1;
    const subscription = hub.subscribe(['a'], 0, behind);
    behind.room = Number.POSITIVE_INFINITY;
    behind.onDeliver = () => subscription.close();
    subscription.resume();
    publish(hub, 'a');
    expect([live.ids, behind.ids]).toEqual([[3], [1, 2]]);
  });

  it('stays closed whatever comes after', () => {
    const hub = hubOf();
    const listener = new Listener();
    listener.room = 1;
    const subscription = hub.subscribe(['a'], null, listener);
    publish(hub, 'a', 'a');
    subscription.close();
    subscription.close();
    subscription.resume();
    publish(hub, 'a');
    expect(listener.ids).toEqual([1]);
  });

  it('when one closes another from within a delivery, the other gets nothing more', () => {
    const hub = hubOf();
    const [killer, victim] = [new Listener(), new Listener()];
    hub.subscribe(['a'], null, killer);
    const subscription = hub.subscribe(['a'], null, victim);
    killer.onDeliver = () => subscription.close();
    publish(hub, 'a');
    expect([killer.ids, victim.ids]).toEqual([[1], []]);
  });

  it('from within a delivery goes on with the next message, or from its cursor, with nothing twice', () => {
    for (const closesItself of [true, false]) {
      const hub = hubOf();
      const [outer, fromNow, fromStart] = [new Listener(), new Listener(), new Listener()];
      const subscription = hub.subscribe(['a'], null, outer);
      outer.onDeliver = ({ id }) => {
        if (id > 1) return;
        if (closesItself) subscription.close();
        hub.subscribe(['a'], null, fromNow);
        hub.subscribe(['a'], 0, fromStart);
      };
      publish(hub, 'a', 'a');
      expect([fromNow.ids, fromStart.ids]).toEqual([[2], [1, 2]]);
      expect(outer.ids).toEqual(closesItself ? [1] : [1, 2]);
    }
  });

  it('does not take a resume of a reader that is not paused for a reason to send again', () => {
    const hub = hubOf();
    const listener = new Listener();
    const subscription = hub.subscribe(['a'], null, listener);
    publish(hub, 'a');
    subscription.resume();
    publish(hub, 'a');
    subscription.resume();
    expect(listener.ids).toEqual([1, 2]);
  });
});

describe('waitFor', () => {
  it('calls back once, at the next message of one of the channels', () => {
    const hub = hubOf();
    const woken: number[] = [];
    hub.waitFor(['a', 'b'], () => woken.push(hub.lastId));
    publish(hub, 'c', 'b', 'a', 'b');
    expect(woken).toEqual([2]);
  });

  it('lets whoever is woken read the message', () => {
    const hub = hubOf();
    let read = hub.read(['a'], null);
    hub.waitFor(['a'], () => {
      read = hub.read(['a'], 0);
    });
    publish(hub, 'a');
    expect(read).toMatchObject({ messages: [{ id: 1 }], last: 1 });
  });

  it('from within a wake waits for the next message, alone or among others', () => {
    const hub = hubOf();
    const woken: string[] = [];
    for (const name of ['first', 'second']) {
      const again = () => {
        woken.push(`${name} ${hub.lastId}`);
        hub.waitFor(['a'], again);
      };
      hub.waitFor(['a'], again);
      publish(hub, 'a', 'a');
    }
    expect(woken.sort()).toEqual(['first 1', 'first 2', 'first 3', 'first 4', 'second 3', 'second 4']);
  });

  it('wakes from a random place in the order of waiting, so that none is always first', () => {
    const hub = hubOf();
    const first = new Map<string, number>();
    for (let turn = 0; turn < 300; turn++) {
      const woken: string[] = [];
      for (const name of ['x', 'y', 'z']) hub.waitFor(['a'], () => woken.push(name));
      hub.publish('a', Buffer.from('m'));
      expect([...woken].sort()).toEqual(['x', 'y', 'z']);
      first.set(woken[0] ?? '', (first.get(woken[0] ?? '') ?? 0) + 1);
    }
    for (const name of ['x', 'y', 'z']) expect(first.get(name)).toBeGreaterThan(60);
  });

  it('is taken back, before a message and from within the wake of another', () => {
    const hub = hubOf();
    const woken: string[] = [];
    hub.waitFor(['a'], () => woken.push('taken back'))();
    const cancels: (() => void)[] = [];
    for (const name of ['one', 'other']) {
      const cancel = hub.waitFor(['a'], () => {
        woken.push(name);
        for (const takeBack of cancels) takeBack();
      });
      cancels.push(cancel);
    }
    publish(hub, 'a', 'a');
    expect(woken).toHaveLength(1);
    expect(woken).not.toContain('taken back');
  });
});

describe('finishing', () => {
  it('calls back at once where nothing waits, and nothing is delivered after it', () => {
    const hub = hubOf();
    const listener = new Listener();
    const subscription = hub.subscribe(['a'], null, listener);
    publish(hub, 'a');
    let finished = 0;
    subscription.finish(() => finished++);
    expect(finished).toBe(1);
    publish(hub, 'a');
    expect(listener.ids).toEqual([1]);
  });

  it('lets a reader that is paused have everything first', () => {
    const hub = hubOf();
    const listener = new Listener();
    listener.room = 1;
    const subscription = hub.subscribe(['a'], null, listener);
    publish(hub, 'a', 'a');
    let finished = 0;
    subscription.finish(() => finished++);
    publish(hub, 'a');
    expect([listener.ids, finished]).toEqual([[1], 0]);
    listener.room = 1;
    subscription.resume();
    expect([listener.ids, finished]).toEqual([[1, 2], 0]);
    listener.room = 10;
    subscription.resume();
    expect([listener.ids, finished]).toEqual([[1, 2, 3], 1]);
  });

  it('does not call back where the reader was closed, or has fallen out of the history', () => {
    const hub = hubOf({ history: { messages: 2, bytes: MIB } });
    let finished = 0;
    const closed = hub.subscribe(['a'], null, new Listener());
    closed.close();
    closed.finish(() => finished++);
    const slow = new Listener();
    slow.room = 1;
    const subscription = hub.subscribe(['a'], null, slow);
    publish(hub, 'a', 'a', 'a', 'a');
    subscription.finish(() => finished++);
    subscription.resume();
    expect([finished, slow.gaps]).toEqual([0, [3]]);
  });
});
