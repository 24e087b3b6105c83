import { describe, expect, it } from 'vitest';
import type { ObservedTally, StampTally } from '../metrics/tally.js';
import { parseStamp } from '../scenario/stamp.js';
import { DUE, encoded, MACHINE, PULL, PUSH, serverOf, WINDOW, WORKLOAD, worker } from '../testing/measurement.js';
import { nullPaths, reasonFor } from './not-measured.js';
import { completedRound } from './round.js';
import { reportRow } from './rows.js';
import { type CompletedRun, rowSchema, runResultSchema } from './schema.js';

const TIMES: StampTally = { read: 400, unread: 0, negative: 0, outOfRange: 0, resolutionUs: 1_000, driftUs: 3 };
const NUMBERS: StampTally = {
  read: 400,
  unread: 0,
  negative: null,
  outOfRange: null,
  resolutionUs: null,
  driftUs: null,
};
const SAME_CLOCK = { offsetUs: 0, errorUs: 0 };
const NOTHING = { expected: 0, delivered: 400, lost: 0, duplicated: 0, reordered: 0 };

interface Seen {
  readonly spec: string;
  readonly stamp?: StampTally | null;
  readonly observed?: Partial<ObservedTally>;
  readonly delivery?: Partial<typeof NOTHING>;
  readonly clock?: typeof SAME_CLOCK | null;
  readonly publish?: 'observe' | 'server';
  readonly row?: typeof PUSH;
  /** Of the crowd alone. */
  readonly ofCrowd?: Partial<ObservedTally>;
  /** Messages that the server said it had, of those of the window. */
  readonly taken?: number;
  readonly errors?: readonly string[];
}

function seen({
  spec,
  stamp = null,
  observed = {},
  delivery = {},
  clock = SAME_CLOCK,
  publish = 'observe',
  row = PUSH,
  ofCrowd = {},
  taken = DUE,
  errors = [],
}: Seen): CompletedRun {
  const tally = {
    delivery: { published: publish === 'server' ? DUE / 2 : 0, unpublished: 0, ...NOTHING, ...delivery },
    latency: stamp?.negative === 0 || stamp?.negative ? encoded([50_000, 51_000]) : encoded([]),
    serviceLatency: encoded([]),
    scheduleLag: encoded([]),
    publishesReceived: 0,
    firstUs: [],
    lastUs: [],
    observed: {
      messages: 400,
      bodyBytes: 40_000,
      mostOfOneClient: 400,
      silentClients: 0,
      firstMessage: encoded([30_000]),
      firstsOutOfRange: 0,
      gap: encoded([5_000, 5_000, 6_000]),
      gapsOutOfRange: 0,
      longestGapUs: 6_500,
      stamp,
      ...observed,
    },
  };
  const { settled, windowEnd, ...marks } = serverOf(row);
  const hub = { ...windowEnd.hub, published: settled.hub.published + taken };
  return completedRound({
    round: 0,
    row,
    workload: { ...WORKLOAD, publish, ...(publish === 'observe' && { ratePerSecond: 0 }) },
    due: publish === 'server' ? DUE : 0,
    clocksNest: true,
    warmupSettled: true,
    server: { ...marks, settled, windowEnd: { ...windowEnd, hub } },
    workers: [
      worker('probe', { ...tally, errors }),
      worker('crowd', { ...tally, observed: { ...tally.observed, ...ofCrowd } }),
    ],
    stamps: null,
    machine: MACHINE,
    network: null,
    window: publish === 'server' ? WINDOW : { startUs: 0, dueOffsetsUs: [] },
    target: { isSampled: false, observed: { stamp: parseStamp(spec) ?? { kind: 'none' }, clock } },
  });
}

const nullsWithoutReason = (figures: Pick<CompletedRun, 'notMeasured'>) =>
  nullPaths(figures).filter((path) => reasonFor(figures.notMeasured, path) === undefined);

const REFUSED = 'POST http://localhost:1/say: answered 404';
const TIMED = { spec: 'field:/t:ms', stamp: TIMES };
const NUMBERED = { spec: 'field:/n:sequence', stamp: NUMBERS };

describe("of messages that are not rtbench's", () => {
  it.each<[string, Seen]>([
    ['none', { spec: 'none' }],
    ['none, polled', { spec: 'none', row: PULL }],
    ['none, published by request', { spec: 'none', publish: 'server' }],
    ['times', TIMED],
    ['times of an unknown clock', { ...TIMED, clock: null }],
    ['numbers', NUMBERED],
    [
      'silence',
      {
        spec: 'none',
        observed: {
          messages: 0,
          bodyBytes: 0,
          mostOfOneClient: 0,
          silentClients: 5,
          gap: encoded([]),
          firstMessage: encoded([]),
        },
        delivery: { delivered: 0 },
      },
    ],
  ])('each null has its reason, in the round and in the row: %s', (_what, what) => {
    const run = seen(what);
    expect(nullsWithoutReason(run)).toEqual([]);
    expect(runResultSchema.parse(run)).toEqual(run);
    const row = reportRow({ ...PUSH }, [run, { ...run, round: 1 }], 2);
    if (row.state !== 'completed') throw new Error('not completed');
    expect(nullsWithoutReason({ ...row, rounds: [] } as never)).toEqual([]);
    expect(rowSchema.parse(row)).toEqual(row);
    expect(row.observed?.messages).toBe(2 * (run.observed?.messages ?? Number.NaN));
  });

  it('what cannot be known is null and never 0', () => {
    const { delivery, throughput, latencyUs, samples } = seen({ spec: 'none' });
    expect(delivery).toEqual({
      published: null,
      unpublished: null,
      expected: null,
      delivered: 800,
      lost: null,
      duplicated: null,
      reordered: null,
    });
    expect([throughput.offeredPerSecond, latencyUs.p50, latencyUs.count]).toEqual([null, null, 0]);
    expect(samples).toEqual({ publishes: 400, deliveries: 400 });
  });

  it('arrivals are told: how many, how far apart, how large', () => {
    const { observed, latencyUs } = seen({ spec: 'none' });
    expect(observed).toMatchObject({
      messages: 800,
      clients: 10,
      perClientPerSecond: 40,
      bodyBytesPerMessage: 100,
      longestGapUs: 6_500,
    });
    expect([observed?.gapUs.count, observed?.gapUs.p50, observed?.firstMessageUs.count]).toEqual([6, 5_003, 2]);
    expect(latencyUs.count).toBe(0);
  });

  it('times make latencies, with their resolution and what is known of the clock', () => {
    const { latencyUs, crowdLatencyUs, observed, delivery } = seen({ ...TIMED, clock: { offsetUs: 5, errorUs: 40 } });
    expect([latencyUs.count, latencyUs.min, crowdLatencyUs.count]).toEqual([2, 49_984, 2]);
    expect(observed?.stamp).toMatchObject({ read: 800, resolutionUs: 1_000, clockErrorUs: 43 });
    expect(delivery.lost).toBeNull();
  });

  it.each<[string, Partial<Seen>, number, number, boolean]>([
    ['the crowd got most', { observed: { mostOfOneClient: 10 }, ofCrowd: { mostOfOneClient: 299 } }, 10, 299, true],
    ['the probes got most', { ofCrowd: { mostOfOneClient: 10 } }, 400, 10, true],
    ['nobody got enough', { observed: { mostOfOneClient: 100 } }, 100, 100, false],
  ])('a row of one round has the percentiles of that round: %s', (_what, what, probes, crowd, hasGap) => {
    const run = seen({ ...TIMED, ...what });
    const row = reportRow({ ...PUSH }, [run], 1);
    if (row.state !== 'completed') throw new Error('not completed');
    const percentiles = ({ latencyUs, crowdLatencyUs, observed }: Omit<CompletedRun, 'state' | 'round'>) =>
      [latencyUs, crowdLatencyUs, observed?.gapUs].map((figure) => figure?.p99 ?? null);
    expect(percentiles(row as never)).toEqual(percentiles(run));
    expect(percentiles(run).map((p99) => p99 !== null)).toEqual([probes > 298, crowd > 298, hasGap]);
    expect(row.observed?.mostOfOneClient).toEqual({ probes, crowd });
  });

  it('clients that got nothing are those of the round with the most', () => {
    const silent = (silentClients: number) => seen({ spec: 'none', ofCrowd: { silentClients } });
    const row = reportRow({ ...PUSH }, [silent(3), { ...silent(5), round: 1 }, { ...silent(0), round: 2 }], 3);
    expect(row).toMatchObject({ observed: { clients: 10, silentClients: 5 } });
  });

  it('of an unknown clock the resolution is told all the same, and nothing says that it is not', () => {
    const { observed, notMeasured } = seen({ ...TIMED, clock: null });
    expect(observed?.stamp).toMatchObject({ resolutionUs: 1_000, negative: null });
    expect(reasonFor(notMeasured, 'observed.stamp.negative')).toBeDefined();
    expect(reasonFor(notMeasured, 'observed.stamp.resolutionUs')).toBeUndefined();
  });

  it('numbers make an account of deliveries', () => {
    const { delivery, verdict } = seen({
      ...NUMBERED,
      delivery: { expected: 403, lost: 3, duplicated: 1, reordered: 2 },
    });
    expect(delivery).toMatchObject({ published: null, expected: 806, lost: 6, duplicated: 2, reordered: 4 });
    expect(verdict).toBe('invalid');
  });
});

describe('verdict', () => {
  const judged = (what: Seen) => {
    const { verdict, fault, reasons } = seen(what);
    return [verdict, fault, reasons.join('; ')] as const;
  };

  it.each<[string, Seen, string, RegExp]>([
    ['all is well', { spec: 'none' }, 'valid', /^$/],
    ['all is well with times', TIMED, 'valid', /^$/],
    ['all is well with what is published besides', { spec: 'none', publish: 'server' }, 'valid', /^$/],
    [
      'the server refused what was published',
      { spec: 'none', publish: 'server', taken: 0, errors: [REFUSED] },
      'invalid',
      /^the server had taken 0 of 400 messages due when the window ended \(POST .*: answered 404\)$/,
    ],
    [
      'the server never answered',
      { spec: 'none', publish: 'server', taken: 0 },
      'invalid',
      /^the server had taken 0 of 400 messages due when the window ended$/,
    ],
    [
      'the server refused a few',
      { spec: 'none', publish: 'server', taken: 397, errors: [REFUSED] },
      'suspect',
      /^the server had taken 397 of 400 .*404\)$/,
    ],
    ['requests were on their way', { spec: 'none', publish: 'server', taken: 380 }, 'valid', /^$/],
    [
      'requests piled up',
      { spec: 'none', publish: 'server', taken: 200 },
      'saturated',
      /^the server could not keep up: when the window ended it had taken 200 of 400 messages due$/,
    ],
    [
      'it was refused, and no message came',
      { spec: 'none', publish: 'server', taken: 0, errors: [REFUSED], observed: { messages: 0 } },
      'invalid',
      /404\); no message came in the window: look/,
    ],
    [
      'no message came, and why is known',
      { spec: 'none', observed: { messages: 0 }, errors: ['gone'] },
      'invalid',
      /^no message came in the window \(gone\): look/,
    ],
    [
      'a late first message',
      { spec: 'none', ofCrowd: { firstsOutOfRange: 1 } },
      'suspect',
      /^one client got its first message after more than 60 s, which is in no percentile$/,
    ],
    ['no message came', { spec: 'none', observed: { messages: 0 } }, 'invalid', /^no message came in the window/],
    [
      'a client got none',
      { spec: 'none', observed: { silentClients: 1 } },
      'suspect',
      /^2 of 10 clients got no message/,
    ],
    [
      'a few without a stamp',
      { ...TIMED, stamp: { ...TIMES, unread: 20 } },
      'suspect',
      /^40 of 840 messages \(4.8 %\) carry no stamp at \/t$/,
    ],
    [
      'most without a stamp',
      { ...TIMED, stamp: { ...TIMES, read: 0, unread: 400 } },
      'invalid',
      /^800 of 800 messages \(100 %\)/,
    ],
    [
      'one came before its time',
      { ...TIMED, stamp: { ...TIMES, negative: 1 } },
      'suspect',
      /^2 messages of 800 came before the time/,
    ],
    [
      'many came before their time',
      { ...TIMED, stamp: { ...TIMES, negative: 100 } },
      'invalid',
      /^200 messages of 800/,
    ],
    ['an hour old', { ...TIMED, stamp: { ...TIMES, outOfRange: 3 } }, 'invalid', /^6 times were more than 60 s before/],
    [
      'seconds',
      { ...TIMED, stamp: { ...TIMES, resolutionUs: 1_000_000 } },
      'suspect',
      /steps of 1\.00 s .* and latency p50 is 50\.0 ms/,
    ],
    [
      'a long silence',
      { spec: 'none', observed: { gapsOutOfRange: 1 } },
      'suspect',
      /^2 gaps of more than 60 s are in no/,
    ],
  ])('%s', (_what, what, verdict, reason) => {
    const [found, fault, text] = judged(what);
    expect([found, fault === 'instrument']).toEqual([verdict, false]);
    expect(text).toMatch(reason);
  });
});
