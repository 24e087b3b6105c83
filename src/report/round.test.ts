import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LatencyOverTime, Staleness, Tally } from '../metrics/tally.js';
import type { Row, Workload } from '../scenario/scenario.js';
import {
  busyServer,
  DUE,
  encoded,
  IN_PROCESS,
  LEDGER,
  lost,
  MACHINE,
  PROBE,
  PULL,
  PUSH,
  SERVER,
  SILENT,
  STALENESS,
  STAMPS,
  serverOf,
  WINDOW,
  WORKLOAD,
  worker,
} from '../testing/measurement.js';
import { nullPaths, reasonFor } from './not-measured.js';
import { projectedTraffic } from './projection.js';
import { completedRound } from './round.js';
import type { RoundMeasurement, WorkerMeasurement } from './round-measurement.js';
import { type CompletedRun, runResultSchema } from './schema.js';

function round(row: Row, changes: Partial<RoundMeasurement> = {}): CompletedRun {
  return completedRound({
    round: 0,
    row,
    workload: WORKLOAD,
    due: DUE,
    clocksNest: true,
    warmupSettled: true,
    server: serverOf(row),
    workers: [PROBE, worker('crowd')],
    stamps: STAMPS,
    machine: MACHINE,
    network: null,
    window: WINDOW,
    ...changes,
  });
}

function nullsWithoutReason(run: CompletedRun): string[] {
  return nullPaths(run).filter((path) => reasonFor(run.notMeasured, path) === undefined);
}

describe('every round', () => {
  const clientsPublish = { ...WORKLOAD, publish: 'clients' as const };
  const nothingMoved = { ...SERVER, windowEnd: { ...SERVER.settled, atUs: 3_000_000 } };
  it.each<[what: string, run: CompletedRun]>([
    ['push', round(PUSH)],
    ['pull', round(PULL)],
    ['inside one process', round(IN_PROCESS, { workers: [PROBE] })],
    ['push, clients publish', round(PUSH, { workload: clientsPublish })],
    ['pull, clients publish', round(PULL, { workload: clientsPublish })],
    ['saturated', round(PUSH, { workers: [PROBE, worker('crowd', lost(9))], server: busyServer() })],
    ['a short window', round({ ...PULL, worstWaitMs: 1_000 })],
    ['probes only', round(PUSH, { workers: [PROBE] })],
    ['few publishes', round(PUSH, { workers: [worker('probe', { publishesReceived: 12 }), worker('crowd')] })],
    ['nothing at all, push', round(PUSH, { workers: [worker('probe', SILENT)], server: nothingMoved })],
    [
      'nothing at all, pull, clients publish',
      round(PULL, { workload: clientsPublish, workers: [worker('probe', SILENT)], server: nothingMoved }),
    ],
    [
      'nothing published by clients, push',
      round(PUSH, { workload: clientsPublish, workers: [worker('probe', SILENT)], server: nothingMoved }),
    ],
    ['memory that shrank', round(PUSH, { server: { ...SERVER, connected: SERVER.started } })],
  ])('gives each null a reason, and fits the schema: %s', (_what, run) => {
    expect(nullsWithoutReason(run)).toEqual([]);
    expect(runResultSchema.parse(run)).toEqual(run);
  });

  it.each([['push', PUSH] as const, ['pull', PULL] as const])(
    'gives no reason for a figure that is there: %s',
    (_, row) => {
      const run = round(row);
      const nulls = nullPaths(run);
      for (const path of Object.keys(run.notMeasured)) {
        expect(
          nulls.some((found) => found === path || found.startsWith(`${path}.`)),
          path,
        ).toBe(true);
      }
    },
  );
});

describe('bytes', () => {
  it('are told by phase, and the phases add up to the totals', () => {
    const { bytes } = round(PUSH);
    expect(bytes.phases).toEqual({
      open: { up: 100, down: 1_000 },
      warmup: { up: 200, down: 2_000 },
      window: { up: 800, down: 8_000 },
      drain: { up: 160, down: 1_600 },
      close: { up: 3, down: 30 },
    });
    const sum = (side: 'up' | 'down') => Object.values(bytes.phases).reduce((total, phase) => total + phase[side], 0);
    expect({ up: bytes.up, down: bytes.down }).toEqual({ up: sum('up'), down: sum('down') });
    expect(bytes).toMatchObject({ layer: 'socket', side: 'server', up: 1_263, down: 12_630 });
  });

  it('of a push are those of window and drain, per delivery at a client', () => {
    expect(round(PUSH).bytes).toMatchObject({
      perMessage: { up: 960 / 4_000, down: 9_600 / 4_000 },
      perPublish: { up: null, down: null },
      requests: { total: 0, empty: 0 },
      messagesPerResponse: null,
      frames: 3_900,
      projected: projectedTraffic({ up: 960 / 4_000, down: 9_600 / 4_000 }, 1_950, 10),
    });
  });

  it('of a pull are those of the window, per message in its answers, with the empty ones in it', () => {
    expect(round(PULL).bytes).toMatchObject({
      perMessage: { up: 800 / 3_800, down: 8_000 / 3_800 },
      requests: { total: 210, empty: 40 },
      messagesPerResponse: 3_800 / 160,
      frames: null,
    });
  });

  it('of polls that the front door cannot read are requests by their answers', () => {
    const { settled, windowEnd, ...others } = serverOf(PULL);
    const server = { ...others, settled: { ...settled, requests: 0 }, windowEnd: { ...windowEnd, requests: 0 } };
    expect(round(PULL, { server }).bytes.requests).toEqual({ total: 200, empty: 40 });
  });

  it('up are what publishing cost where clients publish over a push, per message published', () => {
    const workload: Workload = { ...WORKLOAD, publish: 'clients' };
    expect(round(PUSH, { workload }).bytes.perPublish).toEqual({ up: 960 / DUE, down: null });
    expect(round(PULL, { workload }).bytes.perPublish).toEqual({ up: null, down: null });
    const half = worker('probe', { ...PROBE.tally, delivery: { ...PROBE.tally.delivery, published: DUE / 2 } });
    expect(round(PUSH, { workload, workers: [half, worker('crowd')] }).bytes.perPublish.up).toBe(960 / (DUE / 2));
  });
});

describe('staleness', () => {
  const stale = (changes: Partial<Staleness>) =>
    worker('probe', { ...PROBE.tally, staleness: { ...STALENESS, ...changes } });
  const reasonOf = (changes: Partial<RoundMeasurement>) => {
    const run = round(PUSH, changes);
    expect(run.stalenessMs).toEqual({ mean: null, p99: null, clientMs: 0, histogram: null });
    return run.notMeasured.stalenessMs;
  };

  it('is in ms, over the time of the probes', () => {
    const { stalenessMs, notMeasured } = round(PUSH);
    expect(stalenessMs).toMatchObject({ mean: 8, clientMs: 4_000 });
    expect(stalenessMs.p99).toBeCloseTo(10, 1);
    expect(Object.keys(notMeasured).filter((path) => path.startsWith('stalenessMs'))).toEqual([]);
  });

  it('of several probe processes is weighted by their time', () => {
    const short = stale({ clientUs: 1_000_000, heldUs: 1_000_000, meanUs: 108_000 });
    expect(round(PUSH, { workers: [PROBE, short] }).stalenessMs).toMatchObject({ mean: 28, clientMs: 5_000 });
  });

  it('has a p99 from 299 publishes on, and none beyond the range of histograms', () => {
    const few = round(PUSH, { workers: [worker('probe', { ...PROBE.tally, publishesReceived: 298 })] });
    expect(few.stalenessMs).toMatchObject({ mean: 8, p99: null });
    expect(few.notMeasured['stalenessMs.p99']).toBe('needs 299 publishes, there were 298');
    const old = round(PUSH, { workers: [stale({ histogram: null })] });
    expect(old.stalenessMs).toMatchObject({ mean: 8, p99: null, histogram: null });
    expect(old.notMeasured['stalenessMs.p99']).toMatch(/60 s/);
  });

  it('is withheld with a reason: saturated, a short window, not kept, nothing held for long', () => {
    expect(reasonOf({ workers: [PROBE, worker('crowd', lost(9))], server: busyServer() })).toMatch(/saturated/);
    expect(reasonOf({ row: { ...PUSH, worstWaitMs: 500 } })).toMatch(/the window holds 4.0 intervals/);
    expect(reasonOf({ workers: [worker('probe', { ...PROBE.tally, staleness: null })] })).toMatch(
      /too many deliveries/,
    );
    expect(reasonOf({ workers: [stale({ heldUs: 3_700_000 })] })).toMatch(/held no message/);
  });
});

describe('bytes of uplinks', () => {
  const workload: Workload = { ...WORKLOAD, publish: 'clients' };
  const told = (uncounted: { up: ['framing'] | []; down: ['framing'] | [] }) => {
    const server = serverOf(PULL);
    const ledger = { ...LEDGER, uplink: { up: 600, down: 200 } };
    return { ...server, drained: { ...server.drained, ledger, uncounted } };
  };

  it('are those of the requests, apart from polls, where the ledger tells them', () => {
    const { bytes } = round(PULL, { workload, server: told({ up: [], down: [] }) });
    expect(bytes.perPublish).toEqual({ up: 600 / DUE, down: 200 / DUE });
    expect(round(PULL, { server: told({ up: [], down: [] }) }).bytes.perPublish).toEqual({ up: null, down: null });
  });

  it('are not guessed where it cannot', () => {
    const server = told({ up: ['framing'], down: ['framing'] });
    expect(round(PULL, { workload, server }).bytes.perPublish).toEqual({ up: null, down: null });
    expect(round(PUSH, { workload, server }).bytes.perPublish).toEqual({ up: 960 / DUE, down: null });
  });
});

describe('the steady state', () => {
  const fallingUs = Array.from({ length: DUE }, (_, index) => (index < 0.6 * DUE ? 5_000 : 1_000) + (index % 9));

  it("is that of the probes' latencies, in the order of the messages", () => {
    const probe = { ...PROBE, tally: { ...PROBE.tally, lastUs: fallingUs } };
    const { steadyState } = round(PUSH, { workers: [probe, worker('crowd')] });
    expect(steadyState).toMatchObject({ points: DUE, transientShare: 0.6, reached: false });
    expect(round(PUSH, { workers: [PROBE, worker('crowd', { lastUs: fallingUs })] }).steadyState?.reached).toBe(true);
  });

  it('is not known of a few messages', () => {
    const few = { ...PROBE, tally: { ...PROBE.tally, lastUs: fallingUs.map((us, index) => (index < 99 ? us : -1)) } };
    const run = round(PUSH, { workers: [few, worker('crowd')] });
    expect(run.steadyState).toBeNull();
    expect(run.notMeasured.steadyState).toBe('needs 100 messages, there were 99');
  });
});

describe('latency over time', () => {
  const probe = (overTime: LatencyOverTime | null, changes: Partial<Tally> = {}) =>
    worker('probe', { ...PROBE.tally, staleness: STALENESS, overTime, ...changes });
  const ofRound = (...workers: WorkerMeasurement[]) => round(PUSH, { workers: [...workers, worker('crowd')] });

  it('adds up over the probes, slice by slice', () => {
    const { overTime } = ofRound(
      probe({ count: [2, 0], sumUs: [300, 0], maxUs: [200, 0] }),
      probe({ count: [1, 0], sumUs: [900, 0], maxUs: [900, 0] }),
    );
    const sliceMs = WORKLOAD.durationMs / 2;
    expect(overTime).toEqual({ sliceMs, count: [3, 0], meanUs: [400, null], maxUs: [900, null] });
  });

  it.each([
    ['the window has gaps', probe(null), /^the rows of a round ran side by side/],
    ['arrivals were not kept', probe(null, { staleness: null }), /^too many deliveries/],
  ])('is null with the reason where %s', (_what, worker, reason) => {
    const { overTime, notMeasured } = ofRound(worker);
    expect(overTime).toBeNull();
    expect(notMeasured.overTime).toMatch(reason);
  });
});

describe('attribution', () => {
  const NOTHING = {
    deliveries: 0,
    latencyUs: null,
    scheduleLagUs: null,
    ingressUs: null,
    turnUs: null,
    transportUs: null,
  };

  it('names the four stages of the mean, which add up to it', () => {
    const { mean } = round(PUSH).attribution;
    // Transport: 50 µs and one more with each of the 400 messages.
    expect(mean).toEqual({
      deliveries: 800,
      latencyUs: 10 + 20 + 10 + 249.5,
      scheduleLagUs: 10,
      ingressUs: 20,
      turnUs: 10,
      transportUs: 249.5,
    });
  });

  it('tells the middle from the slowest', () => {
    const { aroundP50, aboveP99 } = round(PUSH).attribution;
    expect(aroundP50.deliveries).toBe(80);
    expect(aroundP50.latencyUs).toBeCloseTo(289.5, 0);
    // Of the slowest 8, by pairs: both clients of message 399, and so on, the second of them 10 µs later.
    expect(aboveP99.deliveries).toBe(8);
    expect(aboveP99).toMatchObject({ scheduleLagUs: 10, ingressUs: 20 });
    expect(aboveP99.turnUs).toBeGreaterThan(10);
    expect(aboveP99.latencyUs).toBeGreaterThan(480);
  });

  it('adds up, whatever the stamps are', () => {
    const us = fc.integer({ min: -50, max: 1_000_000 });
    fc.assert(
      fc.property(fc.array(fc.tuple(us, us, us, us, us), { minLength: 1, maxLength: 40 }), (all) => {
        const at = (part: 0 | 1 | 2 | 3 | 4) => all.map((parts) => parts[part]);
        const deliveries = { dueUs: at(0), sentUs: at(1), arrivedUs: [at(4)] };
        const stamps = { takenUs: at(2), turnUs: [at(3)] };
        const { attribution } = round(PUSH, { workers: [worker('probe', { ...PROBE.tally, deliveries })], stamps });
        for (const { latencyUs, scheduleLagUs, ingressUs, turnUs, transportUs } of Object.values(attribution)) {
          const sum = (scheduleLagUs ?? 0) + (ingressUs ?? 0) + (turnUs ?? 0) + (transportUs ?? 0);
          expect(sum).toBeCloseTo(latencyUs ?? Number.NaN, 6);
        }
        const latency = all.reduce((sum, parts) => sum + parts[4] - parts[0], 0) / all.length;
        expect(attribution.mean.latencyUs).toBeCloseTo(latency, 6);
      }),
    );
  });

  it('is withheld with a reason: no stamps, not all of them, a saturated server, a row inside one process', () => {
    const reasonOf = (changes: Partial<RoundMeasurement>) => {
      const { attribution, notMeasured } = round(PUSH, changes);
      expect(attribution).toEqual({ mean: NOTHING, aroundP50: NOTHING, aboveP99: NOTHING });
      return notMeasured.attribution;
    };
    expect(reasonOf({ stamps: null })).toMatch(/too many/);
    const turnUs = STAMPS.turnUs.map((turns) => turns.map((turn, index) => (index < 3 ? null : turn)));
    expect(reasonOf({ stamps: { ...STAMPS, turnUs } })).toBe(
      'the server has no stamp of 6 of 800 deliveries to the probes',
    );
    expect(reasonOf({ workers: [PROBE, worker('crowd', lost(9))], server: busyServer() })).toMatch(/saturated/);
    expect(reasonOf({ row: { ...PUSH, profile: { ...PUSH.profile, inProcess: true } } })).toMatch(/leaves the process/);
  });

  it('has a part beyond p99 from 299 publishes on', () => {
    const few = round(PUSH, { workers: [worker('probe', { ...PROBE.tally, publishesReceived: 298 })] });
    expect(few.attribution).toMatchObject({ mean: { deliveries: 800 }, aboveP99: NOTHING });
    expect(few.notMeasured['attribution.aboveP99']).toBe('needs 299 publishes, there were 298');
  });
});

describe('latencies', () => {
  it('of the headline are the probes, of the crowd the others', () => {
    const probe = worker('probe', { ...PROBE.tally, latency: encoded([10, 20]), serviceLatency: encoded([7]) });
    const crowds = [worker('crowd', { latency: encoded([1_000]) }), worker('crowd', { latency: encoded([2_000]) })];
    const run = round(PUSH, { workers: [probe, ...crowds] });
    expect(run.latencyUs).toMatchObject({ count: 2, min: 10, max: 20 });
    expect(run.serviceLatencyUs).toMatchObject({ count: 1, max: 7 });
    expect(run.crowdLatencyUs).toMatchObject({ count: 2, min: 1_000, max: 2_000 });
    expect(run.connectUs).toMatchObject({ count: 6, min: 300, max: 400 });
    expect(run.samples).toEqual({ publishes: DUE, deliveries: 800 });
  });

  it('of first and last recipient are merged over the processes, message by message', () => {
    const probe = worker('probe', { ...PROBE.tally, firstUs: [50, -1, -1, 20], lastUs: [60, -1, -1, 25] });
    const crowd = worker('crowd', { firstUs: [40, 70, -1, 30], lastUs: [55, 90, -1, 35] });
    const other = worker('crowd', { firstUs: [45, -1, -1, 0], lastUs: [80, -1, -1, 1] });
    const run = round(PUSH, { workers: [probe, crowd, other] });
    expect(run.firstRecipientUs).toMatchObject({ count: 3, min: 0, p50: 40, max: 70 });
    expect(run.lastRecipientUs).toMatchObject({ count: 3, min: 35, p50: 80, max: 90 });
  });

  it('have a p99 from 299 publishes that reached a probe on', () => {
    const withPublishes = (publishesReceived: number) =>
      round(PUSH, { workers: [worker('probe', { ...PROBE.tally, publishesReceived }), worker('crowd')] });
    expect(withPublishes(299).latencyUs.p99).toBe(99);
    const few = withPublishes(298);
    expect(few.latencyUs).toMatchObject({ p99: null, p95: 95 });
    expect(few.notMeasured['latencyUs.p99']).toBe('needs 299 publishes, there were 298');
  });

  it('are withheld from a window that holds fewer than 5 polls', () => {
    const enough = round({ ...PULL, worstWaitMs: 400 });
    expect(enough.latencyUs.p50).toBe(50);
    const short = round({ ...PULL, worstWaitMs: 401 });
    for (const name of [
      'latencyUs',
      'serviceLatencyUs',
      'crowdLatencyUs',
      'firstRecipientUs',
      'lastRecipientUs',
    ] as const) {
      expect(short[name]).toMatchObject({ p50: null, p99: null, max: null, histogram: null });
      expect(short.notMeasured[name]).toBe('the window holds 5.0 intervals of 401 ms, a percentile needs 5');
    }
    expect(short.connectUs.p50).toBe(300);
    expect(short.verdict).toBe('valid');
  });

  it('are withheld from a saturated server', () => {
    const run = round(PUSH, { workers: [PROBE, worker('crowd', lost(9))], server: busyServer() });
    expect(run.verdict).toBe('saturated');
    expect(run.latencyUs).toMatchObject({ p50: null, histogram: null });
    expect(run.notMeasured.latencyUs).toBe('the server was saturated: latency would only say how long the window was');
    expect(run.bytes.perMessage.down).not.toBeNull();
  });

  it('of a crowd are null where there is none', () => {
    const run = round(PUSH, { workers: [PROBE] });
    expect(run.notMeasured.crowdLatencyUs).toBe('every client of this workload is a probe');
    expect(run.latencyUs.p50).toBe(50);
  });
});

describe('counts', () => {
  it('are sums over the processes', () => {
    const delivery = {
      published: 0,
      unpublished: 1,
      expected: 20,
      delivered: 15,
      lost: 5,
      duplicated: 2,
      reordered: 3,
    };
    const crowd = worker('crowd', { delivery, connections: { opened: 8, dropped: 4, closeCodes: { ECONNRESET: 3 } } });
    const run = round(PUSH, { workers: [PROBE, crowd, crowd] });
    expect(run.delivery).toEqual({
      published: DUE,
      unpublished: 2,
      expected: 840,
      delivered: 830,
      lost: 10,
      duplicated: 4,
      reordered: 6,
    });
    expect(run.connections).toEqual({
      opened: 18,
      dropped: 8,
      reconnected: 0,
      accepted: { opening: 0, window: 0 },
      closeCodes: { ECONNRESET: 6 },
    });
  });

  it('of throughput are what was due, and what the server handed out while its window was open', () => {
    expect(round(PUSH).throughput).toEqual({ offeredPerSecond: 200, deliveredPerSecond: 1_950 });
    expect(round(PULL).throughput).toEqual({ offeredPerSecond: 200, deliveredPerSecond: 1_900 });
  });
});

describe('load', () => {
  it('of the server is that between the start and the end of the window', () => {
    expect(round(PUSH).server).toEqual({
      cpuUsPerMessage: 800_000 / 3_900,
      cpuShare: 0.4,
      rssBytes: 45_000_000,
      rssPerClientBytes: 10_000,
      eventLoopUtilization: 600 / 2_000,
      runDelayShare: 0.03,
    });
    expect(round(PULL).server.cpuUsPerMessage).toBe(800_000 / 3_800);
  });

  it('of the generator is a sum where it is one, and else the busiest process', () => {
    const lazy = worker('crowd');
    const busy: WorkerMeasurement = {
      ...lazy,
      samples: {
        settled: lazy.samples.settled,
        windowEnd: {
          ...lazy.samples.windowEnd,
          cpuUs: 1_500_000,
          loopActiveMs: 1_700,
          loopIdleMs: 1_300,
          runDelayUs: 402_000,
        },
      },
    };
    const run = round(PUSH, { workers: [PROBE, lazy, busy] });
    expect(run.generator).toMatchObject({
      cpuUsPerMessage: (400_000 + 400_000 + 1_000_000) / 3_900,
      cpuShare: 0.5,
      rssBytes: 150_000_000,
      eventLoopUtilization: 0.8,
      runDelayShare: 0.2,
      scheduleLagUs: { p50: 10, p99: 20, max: 20 },
    });
  });
});

describe('the whole machine', () => {
  it('is what it did between the ends of the window', () => {
    expect(round(PUSH).machine).toEqual({ busyMs: 1_500, busyShare: 0.375, stealShare: 0.01, throttledMs: 7 });
  });

  it('is null with a reason where the system does not tell, and so is the wait for a core', () => {
    const unknown = { cpu: null, throttledMs: null };
    const blind = (run: WorkerMeasurement): WorkerMeasurement => ({
      ...run,
      samples: {
        settled: { ...run.samples.settled, runDelayUs: null },
        windowEnd: { ...run.samples.windowEnd, runDelayUs: null },
      },
    });
    const server = serverOf(PUSH);
    const run = round(PUSH, {
      machine: { settled: unknown, windowEnd: unknown },
      workers: [blind(PROBE), blind(worker('crowd'))],
      server: { ...server, windowEnd: { ...server.windowEnd, runDelayUs: null } },
    });
    expect(run.machine).toEqual({ busyMs: null, busyShare: null, stealShare: null, throttledMs: null });
    expect([run.server.runDelayShare, run.generator.runDelayShare]).toEqual([null, null]);
    expect(nullsWithoutReason(run)).toEqual([]);
  });
});

describe('the verdict', () => {
  it('looks at the busiest crowd and at the server within the window', () => {
    const lazy = worker('crowd');
    const busy = {
      ...lazy,
      samples: { ...lazy.samples, windowEnd: { ...lazy.samples.windowEnd, loopActiveMs: 2_000, loopIdleMs: 910 } },
    };
    expect(round(PUSH, { workers: [PROBE, lazy, busy] })).toMatchObject({
      verdict: 'invalid',
      reasons: [expect.stringContaining('crowd process 2 was 99 % busy')],
    });
    expect(round(PUSH, { workers: [busy, { ...busy, role: 'probe' }] }).verdict).toBe('invalid');
    expect(round(PUSH, { workers: [{ ...busy, role: 'probe', tally: PROBE.tally }, lazy] }).verdict).toBe('valid');
  });

  it('counts what the server took by the way it was published', () => {
    const fromClients = {
      ...busyServer(),
      windowEnd: { ...busyServer().windowEnd, hub: { published: 100, received: DUE, delivered: 4_900 } },
    };
    const workload: Workload = { ...WORKLOAD, publish: 'clients' };
    expect(round(PUSH, { workload, server: fromClients }).verdict).toBe('valid');
    expect(round(PUSH, { server: fromClients }).verdict).toBe('saturated');
  });

  it.each<[what: string, changes: Partial<RoundMeasurement>, reason: string]>([
    ['clocks', { clocksNest: false }, 'clocks do not agree'],
    ['the warm-up', { warmupSettled: false }, 'not all messages of the warm-up'],
    ['negative latencies', { workers: [PROBE, worker('crowd', { negative: 2 })] }, '2 messages arrived before'],
    ['foreign messages', { workers: [PROBE, worker('crowd', { foreign: 2 })] }, '2 messages came that nobody sent'],
    ['latencies out of range', { workers: [PROBE, worker('crowd', { outOfRange: 2 })] }, '2 latencies were beyond'],
    [
      'drops, with the first error',
      {
        workers: [
          PROBE,
          worker('crowd', { connections: { opened: 8, dropped: 1, closeCodes: {} }, errors: ['read ECONNRESET'] }),
        ],
      },
      'one connection dropped (read ECONNRESET)',
    ],
    ['losses', { workers: [PROBE, worker('crowd', lost(7))] }, '7 of 4,000 expected deliveries never came'],
  ])('takes account of %s', (_what, changes, reason) => {
    expect(round(PUSH, changes).reasons).toEqual([expect.stringContaining(reason)]);
  });
});

describe('a row inside one process', () => {
  const late = encoded(Array.from({ length: 100 }, () => 9_000));
  const run = round(IN_PROCESS, {
    server: SERVER,
    workers: [{ ...PROBE, tally: { ...PROBE.tally, scheduleLag: late, latency: late } }],
  });

  it('has nothing to say of a server or of bytes, whatever the idle server process counted', () => {
    expect(new Set(Object.values(run.server))).toEqual(new Set([null]));
    expect(run.bytes).toMatchObject({ perMessage: { up: null, down: null }, frames: null, parts: null });
    expect(run.notMeasured.server).toMatch(/no server takes part/);
    expect(run.notMeasured['bytes.perMessage']).toMatch(/nothing crosses a socket/);
  });

  it('counts the deliveries of its clients', () => {
    expect(run.throughput.deliveredPerSecond).toBe(800 / 2);
    expect(run.generator.cpuUsPerMessage).toBe(400_000 / 800);
  });

  it("is not faulted for the publisher's lag, which is what it measures; a row over a network is", () => {
    expect(run.verdict).toBe('valid');
    expect(run.latencyUs.p50).toBeGreaterThan(8_900);
    expect(
      round(PUSH, { workers: [{ ...PROBE, tally: { ...PROBE.tally, scheduleLag: late, latency: late } }] }).verdict,
    ).toBe('invalid');
  });
});
