import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { registry } from '../cli/registry.js';
import { loadScenario, type Overrides } from './load.js';
import { makePlan } from './plan.js';
import { resolveRows } from './rows.js';
import { scenarioInTurns } from './turns.js';
import { parseUplink, senderOf, spellUplink, type Uplink } from './uplink.js';

describe('parseUplink', () => {
  it.each([
    ['none', null],
    ['300/s', { kind: 'stream', ratePerSecond: 300, sizeBytes: 48 }],
    ['90/min:64B', { kind: 'stream', ratePerSecond: 1.5, sizeBytes: 64 }],
    [' 300/s : 1KiB ', { kind: 'stream', ratePerSecond: 300, sizeBytes: 1_024 }],
    ['acknowledge', { kind: 'acknowledgements', sizeBytes: 48 }],
    ['acknowledge:64B', { kind: 'acknowledgements', sizeBytes: 64 }],
  ] as const)('%j', (text, uplink) => {
    expect(parseUplink(text)).toEqual(uplink);
  });

  it.each(['', '300', '300:64B', '0/s', '300/s:47B', '300/s:2MiB', '300/s:64B:1', 'acknowledge:', 'ack', '200000/s'])(
    '%j is none',
    (text) => {
      expect(parseUplink(text)).toBeUndefined();
    },
  );

  test('reads what it spells', () => {
    const sizes = fc.integer({ min: 48, max: 1_048_576 });
    const uplinks = fc.oneof(
      fc.constant(null),
      fc.record({
        kind: fc.constant('stream' as const),
        ratePerSecond: fc.integer({ min: 1, max: 100_000 }),
        sizeBytes: sizes,
      }),
      fc.record({ kind: fc.constant('acknowledgements' as const), sizeBytes: sizes }),
    );
    fc.assert(
      fc.property(uplinks, (uplink: Uplink | null) => {
        expect(parseUplink(spellUplink(uplink))).toEqual(uplink);
      }),
    );
  });
});

async function planOf(overrides: Overrides, changes = {}) {
  const { scenario, transports } = loadScenario('default', overrides, 2);
  const asked = { ...scenario, workload: { ...scenario.workload, ...changes } };
  const rows = await resolveRows(transports, senderOf(asked.workload), registry);
  return makePlan(asked, rows, { descriptors: 20_000, platform: 'linux' });
}

describe('a scenario in which clients send besides', () => {
  it('calls rows by their way up, and counts the sockets of it', async () => {
    const [with_, without] = [await planOf({ uplink: '300/s' }), await planOf({})];
    expect(with_.rows.map(({ label }) => label)).toContain('SSE + POST');
    expect(without.rows.map(({ label }) => label)).not.toContain('SSE + POST');
    expect(with_.sockets).toBe(2 * without.sockets);
  });

  it('scales and takes turns with the rate', async () => {
    const { scenario } = await planOf({ uplink: '300/s:64B', scale: '5' });
    expect(scenario.workload.uplink).toEqual({ kind: 'stream', ratePerSecond: 1_500, sizeBytes: 64 });
    expect(scenarioInTurns(scenario, { of: 3 }).workload.uplink).toMatchObject({ ratePerSecond: 500 });
    const acknowledges = (await planOf({ uplink: 'acknowledge', scale: '5' })).scenario;
    expect(acknowledges.workload.uplink).toEqual({ kind: 'acknowledgements', sizeBytes: 48 });
  });

  test.each([
    [{ uplink: '3' }, /--uplink: `3` is not what clients send besides/],
    [{ uplink: '0.1/s' }, /no message of `uplink` falls into the window/],
    [{ uplink: '90000/s', scale: '2' }, /`uplink` at this scale is 180,000\/s/],
    [{ uplink: '90000/s', duration: '1m' }, /`uplink` sends [\d,]+ messages in one run, above 5,000,000/],
    [{ uplink: '300/s', faults: ['cut@1s'] }, /nobody sends it again.*--uplink none with faults/],
    [{ uplink: 'acknowledge', slowReaders: '10%:stop' }, /slow readers that send as well would be two questions/],
    [{ uplink: '300/s', via: 'browser' }, /probes that only listen.*--uplink none/],
  ])('%j is refused with its reason', async (overrides, reason) => {
    await expect(planOf(overrides)).rejects.toThrow(reason);
  });

  it('is refused where clients publish, and for a transport without an uplink', async () => {
    const uplink: Uplink = { kind: 'acknowledgements', sizeBytes: 48 };
    await expect(planOf({}, { publish: 'clients', uplink })).rejects.toThrow(/`uplink` is for `publish: server`/);
    const { scenario, rows } = await planOf({ uplink: '300/s' });
    const [first] = rows;
    if (first === undefined) throw new Error('there is no row');
    const mute = { ...first, label: 'Mute', profile: { ...first.profile, uplink: 'none' as const } };
    expect(() => makePlan(scenario, [mute], { descriptors: null, platform: 'linux' })).toThrow(
      /Mute has no uplink, and here clients send/,
    );
  });
});
