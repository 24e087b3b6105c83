import { describe, expect, it } from 'vitest';
import { conditionsOf } from '../scenario/network.js';
import { encoded } from '../testing/measurement.js';
import { expectedRttMs, networkOfReport, networkOfRound } from './network.js';

const RELAY = { connections: { accepted: 3, open: 2, idleEnded: 0 }, bytes: { up: 1, down: 2 } };
const conditions = { ...conditionsOf('lte'), jitterMs: 4 };

function measured(rttUs: readonly number[], lateUs: { p50: number; p99: number; max: number } | null) {
  return { network: { conditions, rtt: encoded(rttUs), relay: { ...RELAY, lateUs } } };
}

describe('the network of a round', () => {
  it('is what its echo took, and how late the relay was', () => {
    const { network, notMeasured } = networkOfRound(measured([70_000, 72_000, 74_000], { p50: 20, p99: 90, max: 100 }));
    expect(network?.measuredRttMs).toMatchObject({ count: 3, min: expect.closeTo(70, 0), p50: expect.closeTo(72, 0) });
    expect(network?.relayLateUs).toEqual({ p50: 20, p99: 90, max: 100 });
    expect(notMeasured).toEqual({});
  });

  it('has no figures where nothing came back, and says why', () => {
    const { network, notMeasured } = networkOfRound(measured([], null));
    expect(network?.measuredRttMs).toMatchObject({ count: 0, p50: null });
    expect(Object.keys(notMeasured)).toEqual(['network.measuredRttMs', 'network.relayLateUs']);
  });
});

it('jitter in both directions makes the round trip longer by its whole in the middle', () => {
  expect(expectedRttMs(conditions)).toBe(74);
});

it('without a network the report has none', () => {
  expect(networkOfReport(null, [])).toBeNull();
  expect(networkOfReport(conditions, [])).toMatchObject({
    by: 'relay',
    nominalRttMs: 70,
    measuredRttMs: { p50: null },
  });
});
