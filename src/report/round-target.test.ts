import { describe, expect, it } from 'vitest';
import { MACHINE, PROBE, PULL, PUSH, serverOf, WINDOW, WORKLOAD, worker } from '../testing/measurement.js';
import { reasonFor } from './not-measured.js';
import { completedRound } from './round.js';
import type { RoundMeasurement } from './round-measurement.js';

function roundOf(changes: Partial<RoundMeasurement>) {
  const row = changes.row ?? PUSH;
  return completedRound({
    round: 0,
    row,
    workload: WORKLOAD,
    due: 400,
    window: WINDOW,
    clocksNest: true,
    warmupSettled: true,
    server: serverOf(row),
    stamps: null,
    workers: [PROBE, worker('crowd')],
    machine: MACHINE,
    network: null,
    target: { isSampled: false },
    ...changes,
  });
}

describe('a round with a server that is not our own', () => {
  it('has no figure that the server alone knows, and says why', () => {
    const { server, bytes, attribution, notMeasured } = roundOf({});
    expect(Object.values(server)).toEqual([null, null, null, null, null, null]);
    expect(bytes).toMatchObject({ side: 'client', parts: null, requests: { total: null, empty: null } });
    expect(attribution.mean.latencyUs).toBeNull();
    expect(reasonFor(notMeasured, 'server.cpuUsPerMessage')).toMatch(/--server-command/);
    expect(reasonFor(notMeasured, 'server.rssPerClientBytes')).toMatch(/--server-command/);
    expect(reasonFor(notMeasured, 'bytes.parts')).toMatch(/clients' sockets/);
    expect(reasonFor(notMeasured, 'bytes.requests.empty')).toMatch(/counted by the server alone/);
    expect(reasonFor(notMeasured, 'attribution.mean.latencyUs')).toMatch(/stamps nothing/);
  });

  it('has what its processes used, where they are known', () => {
    const { server, notMeasured } = roundOf({ target: { isSampled: true } });
    expect(server).toMatchObject({ cpuShare: 0.4, rssBytes: 45_000_000, rssPerClientBytes: 10_000 });
    expect(server.eventLoopUtilization).toBeNull();
    expect(reasonFor(notMeasured, 'server.eventLoopUtilization')).toMatch(/cannot be seen/);
  });

  it('models no IP bytes of polls whose number it does not know', () => {
    const { bytes, notMeasured } = roundOf({ row: PULL });
    expect(bytes.ip).toBeNull();
    expect(reasonFor(notMeasured, 'bytes.ip')).toMatch(/number of polls/);
  });

  it('is saturated by a backlog of a tenth of the window, and not by what was under way when it ended', () => {
    const late = (from: number) =>
      PROBE.tally.lastUs.map((us, index) => (index >= from ? 2_000_000 - index * 5_000 + 300_000 : us));
    // Messages 0 to 359 are due in the first nine tenths.
    const backlog = roundOf({ workers: [{ ...PROBE, tally: { ...PROBE.tally, lastUs: late(300) } }, worker('crowd')] });
    expect(backlog.verdict).toBe('saturated');
    expect(backlog.reasons[0]).toMatch(/could not keep up: when the window ended/);
    const underWay = roundOf({
      workers: [{ ...PROBE, tally: { ...PROBE.tally, lastUs: late(380) } }, worker('crowd')],
    });
    expect(underWay.verdict).not.toBe('saturated');
  });

  it('names messages without a stamp where deliveries lack, and only there', () => {
    const delivery = {
      published: 400,
      unpublished: 0,
      expected: 800,
      delivered: 790,
      lost: 10,
      duplicated: 0,
      reordered: 0,
    };
    const lacking = roundOf({ workers: [worker('probe', { delivery, unstamped: 10 }), worker('crowd')] });
    expect(lacking.reasons.join()).toMatch(
      /10 of 4,000 expected deliveries never came; 10 messages came without a stamp/,
    );
    const whole = roundOf({ workers: [worker('probe', { ...PROBE.tally, unstamped: 2 }), worker('crowd')] });
    expect(whole.reasons.join()).not.toMatch(/stamp/);
  });
});
