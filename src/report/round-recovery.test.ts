import { describe, expect, it } from 'vitest';
import type { Outage, RecoveryTally, Tally } from '../metrics/tally.js';
import { parseFault } from '../scenario/faults.js';
import { DUE, lost, MACHINE, PROBE, PUSH, serverOf, WINDOW, WORKLOAD, worker } from '../testing/measurement.js';
import { reasonFor } from './not-measured.js';
import { completedRound } from './round.js';
import type { InjectedFault, RoundMeasurement, ServerWatch } from './round-measurement.js';
import { combineRecovery } from './row-recovery.js';

const AT_US = WINDOW.startUs + 500_000;
const NO_WATCH: ServerWatch = { cpu: [], accepts: { atUs: [], complete: true } };

interface Happened {
  readonly fault: string;
  readonly connections?: number | null;
  readonly outages?: readonly Partial<Outage>[];
  readonly recovery?: Partial<RecoveryTally>;
  readonly crowd?: Partial<Tally>;
  readonly noticesMs?: number | null;
  readonly serverWatch?: ServerWatch;
  readonly more?: readonly InjectedFault[];
}

function round(happened: Happened): RoundMeasurement {
  const { fault, connections = null, outages = [], noticesMs = null, serverWatch = NO_WATCH, more = [] } = happened;
  const recovery: RecoveryTally = {
    outages: outages.map((outage, client) => ({ client, droppedUs: AT_US, backUs: null, attempts: 1, ...outage })),
    missed: 0,
    recovered: 0,
    outstanding: 0,
    silent: [],
    ...happened.recovery,
  };
  const dropped = { opened: 8, dropped: outages.length, closeCodes: {} };
  const injected = [{ fault: parseFault(fault), atUs: AT_US, overUs: AT_US, connections }, ...more];
  return {
    round: 0,
    row: { ...PUSH, noticesMs },
    workload: WORKLOAD,
    due: DUE,
    window: WINDOW,
    clocksNest: true,
    warmupSettled: true,
    server: serverOf(PUSH),
    stamps: null,
    workers: [PROBE, worker('crowd', { connections: dropped, recovery, ...happened.crowd })],
    faults: {
      plan: { injected: injected.map((each) => each.fault), reconnect: 'fixed:wait=1s', resume: true },
      injected,
      serverWatch,
    },
    machine: MACHINE,
    network: null,
  };
}

const HALF_OPEN = { fault: 'half-open:50%@500ms', connections: 4 };

describe('a connection that dies silently', () => {
  it('is noticed late, by everybody', () => {
    const outages = [300_000, 400_000, 500_000, 600_000].map((us) => ({
      droppedUs: AT_US + us,
      backUs: AT_US + us + 100_000,
    }));
    const { recovery, verdict, fault } = completedRound(round({ ...HALF_OPEN, outages, noticesMs: 1_125 }));
    expect(recovery?.faults[0]).toMatchObject({
      connections: 4,
      clientsDropped: 4,
      clientsUnaware: 0,
      promisedNoticeMs: 1_125,
      noticeUs: { p50: 400_000, max: 600_000 },
      backUs: { p50: 500_000, all: 700_000 },
    });
    expect(recovery?.unaware).toBe(0);
    expect([verdict, fault]).toEqual(['valid', 'none']);
  });

  it('is not noticed by some: what they lack is outstanding, and no time is that of the others', () => {
    const outages = [{ droppedUs: AT_US + 300_000, backUs: AT_US + 400_000 }];
    const recovery = { silent: [200, 210, 220], outstanding: 7 };
    const run = completedRound(round({ ...HALF_OPEN, outages, recovery, crowd: lost(637) }));
    expect(run.recovery).toMatchObject({ unaware: 3, outstanding: 637, missed: 0 });
    expect(run.recovery?.faults[0]).toMatchObject({
      clientsDropped: 1,
      clientsUnaware: 3,
      noticeUs: { p50: null, p99: null, max: null },
      backUs: { p50: null, all: null },
    });
    expect([run.verdict, run.fault]).toEqual(['suspect', 'none']);
    expect(run.reasons).toEqual([expect.stringMatching(/^3 clients took a silently dead connection for alive/)]);
    expect(reasonFor(run.notMeasured, 'recovery.faults[0].noticeUs.p50')).toMatch(
      /3 of 4 clients never noticed.*nothing of it looks/,
    );
    for (const path of ['bytes.perMessage.down', 'bytes.ip']) {
      expect(reasonFor(run.notMeasured, path)).toMatch(/silently dead/);
    }
  });

  it('says how long its client would have taken', () => {
    const run = completedRound(
      round({ ...HALF_OPEN, recovery: { silent: [1, 1, 1, 1] }, crowd: lost(4), noticesMs: 30_200 }),
    );
    expect(reasonFor(run.notMeasured, 'recovery.faults[0].backUs.all')).toMatch(/4 of 4 .* within 30.2 s/);
  });

  it('explains no more than it struck', () => {
    const run = completedRound(round({ ...HALF_OPEN, recovery: { silent: [1, 1, 1, 1, 1] }, crowd: lost(5) }));
    expect(run.recovery).toMatchObject({ unaware: 0, outstanding: 0 });
    expect([run.verdict, run.fault]).toEqual(['invalid', 'delivery']);
    expect(run.reasons[0]).toMatch(/^5 of 4,000 expected deliveries never came/);
  });
});

describe('the server while clients come back', () => {
  it('takes most accepts within 100 ms, and CPU until the last client is back', () => {
    const accepts = [-10, 300, 310, 320, 350, 900].map((ms) => AT_US + ms * 1_000);
    const cpu = [-50, 0, 50, 100, 150, 200].map((ms) => ({ atUs: AT_US + ms * 1_000, cpuUs: Math.max(0, ms) * 500 }));
    const outages = [{ backUs: AT_US + 120_000 }, { backUs: AT_US + 30_000 }];
    const serverWatch = { cpu, accepts: { atUs: accepts, complete: true } };
    const { recovery } = completedRound(round({ fault: 'cut:25%@500ms', connections: 2, outages, serverWatch }));
    expect(recovery?.faults[0]).toMatchObject({
      peakAccepts: { perSecond: 40, windowMs: 100 },
      serverCpu: { share: 0.5, overMs: 150 },
    });
  });

  it('counts accepts up to the next fault', () => {
    const next: InjectedFault = {
      fault: parseFault('cut@1s'),
      atUs: AT_US + 500_000,
      overUs: AT_US + 500_000,
      connections: 0,
    };
    const atUs = [100, 600, 610].map((ms) => AT_US + ms * 1_000);
    const serverWatch = { cpu: [], accepts: { atUs, complete: true } };
    const { recovery } = completedRound(round({ fault: 'cut@500ms', connections: 0, more: [next], serverWatch }));
    expect(recovery?.faults.map(({ peakAccepts }) => peakAccepts?.perSecond)).toEqual([10, 20]);
  });

  it('has no figure where not every accept was kept, nobody was dropped, or the system does not tell', () => {
    const serverWatch = { cpu: [], accepts: { atUs: [], complete: false } };
    const nobody = completedRound(round({ fault: 'stall:100ms@500ms', serverWatch }));
    const path = 'recovery.faults[0]';
    expect(reasonFor(nobody.notMeasured, `${path}.peakAccepts.perSecond`)).toMatch(/more connections than/);
    expect(reasonFor(nobody.notMeasured, `${path}.serverCpu.share`)).toBe('no connection was lost');
    const back = { outages: [{ backUs: AT_US + 1_000 }], serverWatch };
    const untold = completedRound(round({ fault: 'cut@500ms', connections: 1, ...back }));
    expect(reasonFor(untold.notMeasured, `${path}.serverCpu.share`)).toMatch(/does not tell the CPU time/);
  });
});

it('a row has no time that one of its rounds lacks', () => {
  const noticed = { outages: [{ droppedUs: AT_US + 5, backUs: AT_US + 9 }], connections: 1 };
  const one = completedRound(round({ ...HALF_OPEN, ...noticed }));
  const other = completedRound(round({ ...HALF_OPEN, connections: 1, recovery: { silent: [3] }, crowd: lost(3) }));
  const { recovery, notMeasured } = combineRecovery([one, other]);
  expect(recovery?.faults[0]).toMatchObject({
    clientsDropped: 1,
    clientsUnaware: 1,
    noticeUs: { p50: null, max: null },
  });
  expect(recovery).toMatchObject({ unaware: 1, outstanding: 3 });
  expect(reasonFor(notMeasured, 'recovery.faults[0].noticeUs.max')).toMatch(/1 of 2 clients never noticed/);
});
