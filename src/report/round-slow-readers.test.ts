import { describe, expect, it } from 'vitest';
import type { PressureSample, ReaderStanding, SlowReaderSample } from '../protocol/standing.js';
import {
  DUE,
  encoded,
  lost,
  MACHINE,
  PROBE,
  PULL,
  PUSH,
  STALENESS,
  serverOf,
  WINDOW,
  WORKLOAD,
  worker,
} from '../testing/measurement.js';
import { completedRound } from './round.js';
import type { RoundMeasurement } from './round-measurement.js';
import { combineRuns } from './row-figures.js';
import { slowReaderSentences } from './slow-reader-wording.js';

const MIB = 1_048_576;

function standing(changes: Partial<ReaderStanding> = {}): ReaderStanding {
  return { readers: 2, full: 0, waitingBytes: 0, behindMessages: 0, dropped: 0, disconnected: 0, gaps: 0, ...changes };
}

/** Ten times 100 ms, in which memory grows by 1 MiB a second. */
function pressure(slow: Partial<ReaderStanding>): PressureSample[] {
  return Array.from({ length: 11 }, (_, index) => ({
    atUs: 1_000_000 + index * 100_000,
    rssBytes: 40 * MIB + (index * MIB) / 10,
    heapUsedBytes: 10 * MIB,
    externalBytes: 5 * MIB + index,
    slow: standing({ ...slow, waitingBytes: index < 10 ? index * 100 : 300 }),
    others: standing({ readers: 8 }),
  }));
}

interface Given {
  readonly row?: RoundMeasurement['row'];
  readonly slow?: Partial<ReaderStanding>;
  readonly others?: Partial<ReaderStanding>;
  readonly missed?: number;
  readonly lostByOthers?: number;
  readonly connectionsLost?: number;
}

function measurementOf(given: Given): RoundMeasurement {
  const { row = PUSH, slow = {}, others = {}, missed = 0, lostByOthers = 0, connectionsLost = 0 } = given;
  const sample = (own: Partial<ReaderStanding>, of: Partial<ReaderStanding>): SlowReaderSample => ({
    standing: { slow: standing(own), others: standing({ readers: 8, ...of }) },
    writtenBytes: 9 * MIB,
    pressure: pressure(own),
  });
  const server = serverOf(row);
  const expected = 2 * DUE;
  return {
    round: 0,
    row,
    workload: WORKLOAD,
    due: DUE,
    window: WINDOW,
    clocksNest: true,
    warmupSettled: true,
    server: {
      ...server,
      settled: { ...server.settled, slowReaders: sample({}, {}) },
      windowEnd: { ...server.windowEnd, slowReaders: sample(slow, others) },
      drained: { ...server.drained, slowReaders: sample(slow, others) },
    },
    stamps: null,
    workers: [
      { ...PROBE, tally: { ...PROBE.tally, staleness: STALENESS } },
      worker('crowd', lostByOthers > 0 ? lost(lostByOthers) : {}),
    ],
    slowReaders: {
      clients: 2,
      worker: worker('slow', {
        latency: encoded([1_000_000, 2_000_000]),
        delivery: { ...PROBE.tally.delivery, published: 0, expected, delivered: expected - missed, lost: missed },
        connections: { opened: 2, dropped: connectionsLost, closeCodes: connectionsLost > 0 ? { 1013: 2 } : {} },
        errors: connectionsLost > 0 ? ['code 1013', 'code 1013'] : [],
        readAtWindowEndBytes: 2 * MIB,
      }),
    },
    machine: MACHINE,
    network: null,
  };
}

describe('slow readers', () => {
  it('are null with a reason where there are none', () => {
    const run = completedRound({ ...measurementOf({}), slowReaders: null });
    expect(run.slowReaders).toBeNull();
    expect(run.notMeasured.slowReaders).toMatch(/--slow-readers/);
  });

  it('have figures of their own and are in no other', () => {
    const run = completedRound(measurementOf({ slow: { dropped: 30, behindMessages: 7, full: 2 }, missed: 30 }));
    expect(run.verdict).toBe('valid');
    expect(run.delivery).toMatchObject({ expected: 4_000, delivered: 4_000, lost: 0 });
    expect(run.connections.opened).toBe(10);
    expect(run.slowReaders).toMatchObject({
      clients: 2,
      delivery: { expected: 800, delivered: 770, missed: 30, duplicated: 0, reordered: 0 },
      dropped: 30,
      disconnected: 0,
      connectionsLost: 0,
      others: { dropped: 0, disconnected: 0, gaps: 0 },
      waitingBytes: { end: 300, peak: 900 },
      behindMessages: { end: 7, peak: 7 },
      full: { end: 2, peak: 2 },
      onTheWayBytes: 7 * MIB,
    });
    expect(run.slowReaders?.latencyUs.max).toBeGreaterThanOrEqual(2_000_000);
    expect(run.latencyUs.max).toBeLessThan(1_000);
    const { rssBytes } = run.slowReaders?.memory ?? {};
    expect(rssBytes).toMatchObject({ start: 40 * MIB, end: 41 * MIB, peak: 41 * MIB });
    expect(rssBytes?.perSecond).toBeCloseTo(MIB, 0);
  });

  it('cost bytes as all do: what they got is among what the bytes are shared out over', () => {
    const run = completedRound(measurementOf({}));
    expect(run.bytes.perMessage.down).toBeCloseTo((8_000 + 1_600) / (4_000 + 800));
  });

  it('that lose their connections make bytes that nobody got, and no figure of bytes a message', () => {
    const run = completedRound(measurementOf({ slow: { disconnected: 2 }, missed: 500, connectionsLost: 2 }));
    expect(run.verdict).toBe('valid');
    expect(run.bytes.perMessage).toEqual({ up: null, down: null });
    expect(run.notMeasured['bytes.perMessage']).toMatch(/nobody got/);
    expect(run.slowReaders).toMatchObject({
      disconnected: 2,
      connectionsLost: 2,
      heard: ['code 1013'],
      closeCodes: { 1013: 2 },
    });
    expect(run.slowReaders?.onTheWayBytes).toBeNull();
    expect(run.notMeasured['slowReaders.onTheWayBytes']).toMatch(/lost their connections/);
  });

  it('that miss what no policy dropped make the run invalid', () => {
    const run = completedRound(measurementOf({ slow: { dropped: 30 }, missed: 31 }));
    expect(run).toMatchObject({ verdict: 'invalid', fault: 'delivery' });
    expect(run.reasons.join()).toMatch(/^one delivery to slow readers never came/);
  });

  it('do not excuse what the others miss, nor that the server takes others for slow', () => {
    const missed = completedRound(measurementOf({ slow: { dropped: 30 }, missed: 30, lostByOthers: 3 }));
    expect(missed).toMatchObject({ verdict: 'invalid', fault: 'delivery' });
    const shed = completedRound(measurementOf({ others: { dropped: 1 } }));
    expect(shed.verdict).toBe('invalid');
    expect(shed.reasons.join()).toMatch(/slow readers that are none/);
  });

  it('of a pull have nothing waiting for them, which is said', () => {
    const run = completedRound(measurementOf({ row: PULL }));
    expect(run.slowReaders?.waitingBytes).toEqual({ end: null, peak: null });
    expect(run.notMeasured['slowReaders.waitingBytes']).toMatch(/polls have nothing waiting/);
  });

  it('of several rounds: counts summed, memory in the median, peaks the highest, latencies together', () => {
    const one = completedRound(measurementOf({ slow: { dropped: 30, behindMessages: 7 }, missed: 30 }));
    const two = completedRound(measurementOf({ slow: { dropped: 10, behindMessages: 9 }, missed: 10 }));
    const { slowReaders } = combineRuns([one, two]);
    expect(slowReaders).toMatchObject({
      clients: 2,
      dropped: 40,
      delivery: { expected: 1_600, delivered: 1_560, missed: 40 },
      behindMessages: { end: 8, peak: 9 },
      memory: { rssBytes: { start: 40 * MIB, peak: 41 * MIB } },
    });
    expect(slowReaders?.latencyUs.count).toBe(4);
  });

  it('are a sentence', () => {
    const run = completedRound(measurementOf({ slow: { dropped: 30 }, missed: 30 }));
    const figures = combineRuns([run]);
    const row = { label: 'TCP', ...figures } as Parameters<typeof slowReaderSentences>[0][number];
    expect(slowReaderSentences([row])).toEqual([
      expect.stringMatching(
        /^TCP: 2 slow readers missed 30 of 800 deliveries \(30 dropped\); at most 900 B waited for them in the server, whose memory rose by 1.00 MiB at most; p99 of the others [\d.]+ ms\.$/,
      ),
    ]);
  });
});
