import { describe, expect, it } from 'vitest';
import { type Evidence, judge } from './verdicts.js';

function crowd(share: number) {
  return { process: 'crowd 2', share };
}

function stall(process: string, atMs: number, forMs: number, busy = false) {
  return { stalls: [{ process, atMs, forMs, busy }] };
}

/** Nothing wrong with it. */
const SOUND: Evidence = {
  clocksNest: true,
  warmupSettled: true,
  negative: 0,
  outOfRange: 0,
  foreign: 0,
  lagP99Us: 90,
  latencyUs: { p50: 500, p99: 1_500 },
  serviceLatencyUs: { p50: 499, p99: 1_450 },
  crowdUtilization: crowd(0.4),
  stalls: [],
  windowMs: 10_000,
  waits: [],
  stealShare: 0,
  throttledMs: 0,
  arrivedInWindow: { due: 10_000, arrived: 10_000 },
  serverUtilization: 0.5,
  due: 10_000,
  published: 10_000,
  takenAtWindowEnd: 10_000,
  lost: 0,
  expected: 200_000,
  duplicated: 0,
  reordered: 0,
  rttMs: null,
  dropped: 0,
  slowReadersMissed: 0,
  shedByServer: 0,
  missedThoughResumed: 0,
  away: 0,
  unaware: 0,
  errors: [],
};

/** A publisher that was late beside a latency of 1 ms and 10 ms, of which so much is left from when messages were sent. */
function late(left: { p50?: number; p99?: number }): Partial<Evidence> {
  return {
    lagP99Us: 3_000,
    latencyUs: { p50: 1_000, p99: 10_000 },
    serviceLatencyUs: { p50: 1_000, p99: 10_000, ...left },
  };
}

const BUSY = { serverUtilization: 0.98 };

function verdictOf(changes: Partial<Evidence>) {
  return judge({ ...SOUND, ...changes }).verdict;
}

it('a sound run is valid, without reasons', () => {
  expect(judge(SOUND)).toEqual({ verdict: 'valid', reasons: [], fault: 'none' });
});

describe('thresholds', () => {
  it.each<[verdict: string, what: string, changes: Partial<Evidence>]>([
    ['valid', 'lateness that makes up a fifth of p99', late({ p99: 8_000 })],
    ['suspect', 'lateness that makes up more than a fifth of p99', late({ p99: 7_999 })],
    ['suspect', 'lateness that makes up half of p99', late({ p99: 5_000 })],
    ['invalid', 'lateness that makes up more than half of p99', late({ p99: 4_999 })],
    ['suspect', 'lateness that makes up more than a fifth of p50', late({ p50: 799 })],
    ['invalid', 'lateness that makes up more than half of p50', late({ p50: 499 })],
    ['valid', 'any share of a lag of 2 ms', { ...late({ p50: 1, p99: 1 }), lagP99Us: 2_000 }],
    ['valid', 'no lag known', { ...late({ p50: 1, p99: 1 }), lagP99Us: null }],
    ['valid', 'no latency known', { ...late({}), latencyUs: null, serviceLatencyUs: null }],
    ['valid', 'no latency to speak of', { ...late({}), latencyUs: { p50: 0, p99: 0 } }],
    ['valid', 'a crowd at 85 %', { crowdUtilization: crowd(0.85) }],
    ['suspect', 'a crowd above 85 %', { crowdUtilization: crowd(0.851) }],
    ['suspect', 'a crowd at 95 %', { crowdUtilization: crowd(0.95) }],
    ['invalid', 'a crowd above 95 %', { crowdUtilization: crowd(0.951) }],
    ['valid', 'no crowd', { crowdUtilization: null }],
    ['valid', '99.9 % published', { published: 9_990 }],
    ['suspect', 'less than 99.9 % published', { published: 9_989 }],
    ['suspect', '99 % published', { published: 9_900 }],
    ['invalid', 'less than 99 % published', { published: 9_899 }],
    ['valid', 'nothing due', { due: 0, published: 0, takenAtWindowEnd: 0 }],
    ['valid', 'a server at 100 % that kept up', { serverUtilization: 1, takenAtWindowEnd: 9_900 }],
    ['saturated', 'a server at 97 % that fell behind', { serverUtilization: 0.97, takenAtWindowEnd: 9_899 }],
    ['valid', 'a server below 97 % that the last messages had yet to reach', { takenAtWindowEnd: 9_000 }],
    ['saturated', 'a server at 97 % that lost one', { serverUtilization: 0.97, lost: 1 }],
    ['invalid', 'a server below 97 % that lost one', { serverUtilization: 0.969, lost: 1 }],
    ['saturated', 'a server at 97 % with a backlog', { ...BUSY, arrivedInWindow: { due: 1_000, arrived: 989 } }],
    ['valid', 'a server at 97 % without one', { ...BUSY, arrivedInWindow: { due: 1_000, arrived: 990 } }],
    ['valid', 'a server at 97 %, no message due early enough', { ...BUSY, arrivedInWindow: { due: 0, arrived: 0 } }],
    ['suspect', 'any stall of the server', stall('server', 4_000, 1_000)],
    ['suspect', 'a probe that stood still for 1 % of the window', stall('probe', 4_000, 100)],
    ['invalid', 'a probe that stood still for more', stall('probe', 4_000, 100.1)],
    ['invalid', 'a crowd process that stood still for more', stall('crowd 1', 4_000, 100.1)],
    [
      'invalid',
      'a probe that stood still twice',
      { stalls: [...stall('probe', 0, 60).stalls, ...stall('probe', 900, 60).stalls] },
    ],
    [
      'suspect',
      'two processes that stood still once',
      { stalls: [...stall('probe', 0, 60).stalls, ...stall('crowd 1', 0, 60).stalls] },
    ],
    ['valid', 'a load process that waited for a core 30 %', { waits: [{ process: 'probe', share: 0.3 }] }],
    ['invalid', 'one that waited longer', { waits: [{ process: 'probe', share: 0.301 }] }],
    ['suspect', 'a server that waited longer', { waits: [{ process: 'server', share: 0.301 }] }],
    ['valid', 'a machine of which 2 % were stolen', { stealShare: 0.02 }],
    ['suspect', 'a machine of which more was stolen', { stealShare: 0.021 }],
    ['invalid', 'a machine of which more than 10 % were stolen', { stealShare: 0.101 }],
    ['valid', 'a system that tells neither', { stealShare: null, throttledMs: null }],
    ['valid', 'a limit that held back 2 % of the window', { throttledMs: 200 }],
    ['suspect', 'a limit that held back more', { throttledMs: 201 }],
    ['invalid', 'a limit that held back more than 10 %', { throttledMs: 1_001 }],
    ['suspect', 'a warm-up that did not settle', { warmupSettled: false }],
    ['invalid', 'clocks that do not agree', { clocksNest: false }],
    ['invalid', 'a message before it was due', { negative: 1 }],
    ['invalid', 'a dropped connection', { dropped: 1 }],
    ['invalid', 'a lost delivery', { lost: 1 }],
    ['invalid', 'a repeated delivery', { duplicated: 1 }],
    ['invalid', 'deliveries that swapped places', { reordered: 1 }],
    ['invalid', 'a message from nowhere', { foreign: 1 }],
    ['invalid', 'a latency beyond the range', { outOfRange: 1 }],
  ])('%s: %s', (verdict, _what, changes) => {
    expect(verdictOf(changes)).toBe(verdict);
  });
});

describe('reasons', () => {
  it.each<[changes: Partial<Evidence>, reason: string]>([
    [{ clocksNest: false }, "the processes' clocks do not agree: latencies between them mean nothing"],
    [{ negative: 1_200 }, '1,200 messages arrived before they were due'],
    [{ published: 9_000 }, 'only 9,000 of 10,000 messages due were published: lower --rate'],
    [{ published: 9_950 }, '50 messages due were not published'],
    [
      late({ p99: 4_000 }),
      'the publisher was late, 3.00 ms at p99, which makes up 60 % of the latency: lower --rate, or run it on a quieter machine',
    ],
    [
      late({ p50: 700 }),
      'the publisher was late, 3.00 ms at p99, which makes up 30 % of the latency: lower --rate, or run it on a quieter machine',
    ],
    [
      { crowdUtilization: crowd(0.996) },
      'crowd process 2 was 100 % busy and may have been the bottleneck: lower --rate or --clients, or add --workers',
    ],
    [
      { crowdUtilization: crowd(0.9) },
      'crowd process 2 was 90 % busy and may have been the bottleneck: lower --rate or --clients, or add --workers',
    ],
    [
      { ...BUSY, takenAtWindowEnd: 7_000 },
      'the server could not keep up: its event loop was 98 % busy, and when the window ended 7,000 of 10,000 messages had reached it and 10,000 of 10,000 that should have by then had reached all clients',
    ],
    [stall('server', 4_200, 984), 'the server stood still for 0.98 s from 4.2 s into the window'],
    [stall('server', 4_200, 984, true), 'the server was busy in one go for 0.98 s from 4.2 s into the window'],
    [
      stall('probe', 4_200, 984),
      'the probe stood still for 0.98 s from 4.2 s into the window, and measured nothing meanwhile: run it on a quieter machine',
    ],
    [
      stall('crowd 2', 0, 100),
      'crowd process 2 stood still for 0.10 s from 0.0 s into the window, and measured nothing meanwhile: run it on a quieter machine',
    ],
    [
      { waits: [{ process: 'crowd 1', share: 0.56 }] },
      'crowd process 1 waited for a core 56 % of the time: run it on a quieter machine, or with fewer --workers',
    ],
    [{ stealShare: 0.05 }, "the hypervisor took 5 % of the machine's time for others: run it on a quieter machine"],
    [
      { throttledMs: 400 },
      'a CPU limit held the processes back for 400 ms: lower --rate, or raise the limit of the container',
    ],
    [{ negative: 1 }, 'one message arrived before it was due'],
    [{ due: 100, published: 99 }, 'one message due was not published'],
    [{ dropped: 1 }, 'one connection dropped'],
    [{ lost: 1 }, '1 of 200,000 expected deliveries never came'],
    [{ duplicated: 1 }, 'one delivery came more than once'],
    [{ reordered: 1 }, 'one delivery came out of order'],
    [{ foreign: 1 }, 'one message came that nobody sent to that client'],
    [{ outOfRange: 1 }, 'one latency was beyond 60 s'],
    [{ dropped: 3 }, '3 connections dropped'],
    [{ dropped: 3, errors: ['read ECONNRESET', 'other'] }, '3 connections dropped (read ECONNRESET)'],
    [{ lost: 12 }, '12 of 200,000 expected deliveries never came'],
    [{ lost: 12, errors: ['HTTP 503'] }, '12 of 200,000 expected deliveries never came (HTTP 503)'],
    [{ duplicated: 4 }, '4 deliveries came more than once'],
    [{ reordered: 5 }, '5 deliveries came out of order'],
    [{ foreign: 6 }, '6 messages came that nobody sent to that client'],
    [{ outOfRange: 7 }, '7 latencies were beyond 60 s'],
    [{ warmupSettled: false }, 'not all messages of the warm-up had arrived when the window began'],
  ])('of %j', (changes, reason) => {
    expect(judge({ ...SOUND, ...changes }).reasons).toEqual([reason]);
  });

  it('of one kind are all told', () => {
    expect(judge({ ...SOUND, lost: 1, duplicated: 1, reordered: 1 }).reasons).toHaveLength(3);
    expect(judge({ ...SOUND, clocksNest: false, negative: 1, published: 0 }).reasons).toHaveLength(3);
    expect(
      judge({ ...SOUND, warmupSettled: false, crowdUtilization: crowd(0.9), published: 9_950 }).reasons,
    ).toHaveLength(3);
  });
});

describe('precedence', () => {
  const instrument = { crowdUtilization: crowd(0.99) };
  const saturation = { ...BUSY, takenAtWindowEnd: 5_000 };
  const delivery = { duplicated: 1 };
  const doubt = { warmupSettled: false };

  it.each<[changes: Partial<Evidence>, verdict: string, reason: RegExp]>([
    [{ ...instrument, ...saturation, ...delivery, ...doubt }, 'invalid', /crowd process/],
    [{ ...saturation, ...delivery, ...doubt }, 'saturated', /could not keep up/],
    [{ ...delivery, ...doubt }, 'invalid', /more than once/],
    [doubt, 'suspect', /warm-up/],
  ])('%j is %s', (changes, verdict, reason) => {
    expect(judge({ ...SOUND, ...changes })).toMatchObject({ verdict, reasons: [expect.stringMatching(reason)] });
  });
});

describe('of a server that is not rtbench’s own', () => {
  it('what did not come is told beside what the instrument failed by', () => {
    const flooded = { crowdUtilization: crowd(1), lost: 12, unstamped: 9_000, serverUtilization: null };
    expect(judge({ ...SOUND, ...flooded })).toEqual({
      verdict: 'invalid',
      fault: 'instrument',
      reasons: [
        '12 of 200,000 expected deliveries never came; 9,000 messages came without a stamp of rtbench in them',
        expect.stringMatching(/^crowd process .* was 100 % busy/),
      ],
    });
    expect(judge({ ...SOUND, ...flooded, serverUtilization: 0.5 }).reasons).toHaveLength(1);
  });
});

describe('the fault of a run', () => {
  it.each<[fault: string, changes: Partial<Evidence>]>([
    ['instrument', { crowdUtilization: crowd(0.99) }],
    ['instrument', stall('probe', 0, 1_000)],
    ['instrument', { crowdUtilization: crowd(0.99), lost: 1 }],
    ['delivery', { lost: 1 }],
    ['delivery', { foreign: 1 }],
    ['delivery', { outOfRange: 1 }],
    ['none', stall('server', 0, 1_000)],
    ['none', { ...BUSY, lost: 1 }],
    // Suspect: nothing but the machine, and something else beside it.
    ['instrument', { stealShare: 0.05 }],
    ['none', { stealShare: 0.05, warmupSettled: false }],
    ['none', { warmupSettled: false }],
  ])('is %s', (fault, changes) => {
    expect(judge({ ...SOUND, ...changes }).fault).toBe(fault);
  });
});
