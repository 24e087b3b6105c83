import { describe, expect, it } from 'vitest';
import { EpochClock } from '../metrics/epoch-clock.js';
import { LatencyHistogram } from '../metrics/histogram.js';
import { type FieldStamp, parseStamp } from '../scenario/stamp.js';
import { Observer } from './observer.js';

/** A clock that is set, and the time of day by it: that of the moment, as nobody can set it. */
class SetClock {
  atMs = 0;
  readonly #startMs = performance.now();
  #isSet = false;

  set(ms: number): void {
    this.#isSet = true;
    this.atMs = ms;
  }

  nowUs(): number {
    return this.#isSet ? this.atMs * 1_000 : (performance.now() - this.#startMs) * 1_000;
  }
}

function observing(spec: string, slots = 2, clockOffset = { offsetUs: 0, errorUs: 0 }) {
  const clock = new SetClock();
  const epoch = new EpochClock(clock);
  const stamp = parseStamp(spec) as FieldStamp | { kind: 'none' };
  const observer = new Observer({ observation: { stamp, clock: clockOffset }, slots, clock, epoch });
  /** Lets a message come at a time that counts from the beginning of the window. */
  const come = (slot: number, ms: number, text: string) => {
    clock.set(ms);
    observer.onMessage(slot, Buffer.from(text));
  };
  const epochMs = (ms: number) => epoch.epochUs(ms * 1_000) / 1_000;
  return { observer, come, epochMs };
}

const decoded = (encoded: string) => LatencyHistogram.decode(encoded);

describe('arrivals', () => {
  it('are counted in the window alone, with first messages, gaps and bytes', () => {
    const { observer, come } = observing('none', 3);
    observer.onOpening(0, -200_000);
    observer.onOpening(1, -100_000);
    observer.windowBegins(0, 1_000);
    come(0, -150, 'early');
    come(0, 0, 'four');
    come(0, 300, 'four');
    come(1, 400, 'three');
    come(0, 999, 'last');
    come(0, 1_000, 'after');
    const tally = observer.observed();
    expect(tally).toMatchObject({ messages: 4, bodyBytes: 17, mostOfOneClient: 3, silentClients: 1, stamp: null });
    expect(decoded(tally.gap).buckets.counts.reduce((sum, count) => sum + count, 0)).toBe(3);
    expect(decoded(tally.gap).max).toBeGreaterThanOrEqual(699_000);
    expect(decoded(tally.firstMessage).count).toBe(2);
    // The third client got nothing in all of the window.
    expect(tally.longestGapUs).toBe(1_000_000);
    expect(observer.received).toEqual({ warmup: 2, window: 4 });
    expect(observer.delivery).toMatchObject({ delivered: 4, lost: 0 });
  });

  it('that stop leave a gap open to the end of the window', () => {
    const { observer, come } = observing('none', 1);
    observer.windowBegins(0, 1_000);
    come(0, 100, 'a');
    come(0, 200, 'b');
    expect(observer.observed().longestGapUs).toBe(800_000);
  });

  it('of more than a minute apart are counted by themselves', () => {
    const { observer, come } = observing('none', 1);
    observer.windowBegins(0, 200_000);
    come(0, 1, 'a');
    come(0, 70_000, 'b');
    come(0, 199_999, 'c');
    expect(observer.observed()).toMatchObject({ gapsOutOfRange: 2, longestGapUs: 129_999_000 });
  });
});

describe('first messages', () => {
  it('are one of each client, though it comes after the window', () => {
    const { observer, come } = observing('none', 2);
    observer.onOpening(0, 0);
    observer.onOpening(1, 0);
    observer.windowBegins(0, 1_000);
    for (const ms of [500, 1_200, 1_300]) come(0, ms, 'a');
    for (const ms of [1_400, 1_500, 1_600]) come(1, ms, 'b');
    const tally = observer.observed();
    expect(decoded(tally.firstMessage).count).toBe(2);
    expect(tally.firstsOutOfRange).toBe(0);
    expect(tally.longestGapUs).toBe(1_000_000);
  });

  it('of more than a minute are counted by themselves', () => {
    const { observer, come } = observing('none', 1);
    observer.onOpening(0, 0);
    observer.windowBegins(70_000_000, 1_000);
    come(0, 70_500, 'a');
    come(0, 70_600, 'b');
    const tally = observer.observed();
    expect([decoded(tally.firstMessage).count, tally.firstsOutOfRange]).toEqual([0, 1]);
  });
});

it('the longest gap is of the window alone, whatever came before it', () => {
  const { observer, come } = observing('none', 2);
  come(0, -900, 'a');
  come(1, -900, 'a');
  observer.windowBegins(0, 1_000);
  come(0, 100, 'b');
  for (const ms of [100, 300, 600, 900]) come(1, ms, 'b');
  come(0, 400, 'c');
  come(0, 800, 'd');
  const tally = observer.observed();
  expect(tally.longestGapUs).toBe(400_000);
  expect(decoded(tally.gap).max).toBeGreaterThanOrEqual(999_000);
});

describe('times of the server', () => {
  it('make a latency of at least their age; what has none, or one that is to come, is counted', () => {
    const { observer, come, epochMs } = observing('field:/t:ms', 1);
    observer.windowBegins(0, 1_000);
    come(0, -10, `{"t":${Math.floor(epochMs(-60))}}`);
    come(0, 10, `{"t":${Math.floor(epochMs(10) - 50)}}`);
    come(0, 20, `{"t":${Math.floor(epochMs(20) - 50)}}`);
    come(0, 30, 'welcome');
    come(0, 40, `{"t":${Math.ceil(epochMs(40)) + 5}}`);
    come(0, 50, `{"t":${Math.floor(epochMs(50) - 70_000)}}`);
    const { stamp } = observer.observed();
    expect(stamp).toMatchObject({ read: 4, unread: 1, negative: 1, outOfRange: 1, resolutionUs: 1_000 });
    const { latency } = observer;
    expect([latency.count, latency.min]).toEqual([3, 0]);
    const [, ...ages] = latency.buckets.valuesUs;
    expect(Math.min(...ages)).toBeGreaterThanOrEqual(50_000);
    expect(Math.max(...ages)).toBeLessThan(51_100);
  });

  it('are moved by the offset of its clock', () => {
    const { observer, come, epochMs } = observing('field:/t:ms', 1, { offsetUs: 30_000, errorUs: 1_000 });
    observer.windowBegins(0, 1_000);
    // A clock that is 30 ms ahead.
    come(0, 10, `{"t":${Math.floor(epochMs(10) + 30)}}`);
    expect(observer.latency.max).toBeLessThan(1_100);
    expect(observer.observed().stamp?.negative).toBe(0);
  });
});

it('numbers of the server tell what is missing, twice and late, and no latency', () => {
  const { observer, come } = observing('field:/n:sequence', 2);
  observer.windowBegins(0, 1_000);
  come(0, -5, '{"n":1}');
  come(1, -5, '{"n":1}');
  for (const [index, n] of [2, 5, 3, 5, 6].entries()) come(0, 10 * index, `{"n":${n}}`);
  come(1, 20, '{"n":2}');
  expect(observer.delivery).toEqual({ expected: 6, delivered: 5, lost: 1, duplicated: 1, reordered: 1 });
  expect(observer.latency.count).toBe(0);
  expect(observer.observed().stamp).toMatchObject({
    read: 6,
    unread: 0,
    negative: null,
    resolutionUs: null,
    driftUs: null,
  });
});
