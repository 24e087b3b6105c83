import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { type Fault, parseFault, spellFault } from './faults.js';
import { loadScenario } from './load.js';
import { NO_DISTANCE } from './network.js';

const fault: fc.Arbitrary<Fault> = fc.integer({ min: 0, max: 100_000 }).chain((atMs) =>
  fc.oneof(
    fc
      .integer({ min: 1, max: 100 })
      .chain((percent) =>
        fc
          .constantFrom('cut' as const, 'half-open' as const)
          .map((kind): Fault => ({ kind, atMs, share: percent / 100, forMs: null })),
      ),
    fc
      .integer({ min: 1, max: 10_000 })
      .chain((forMs) =>
        fc
          .constantFrom('stall' as const, 'net-stall' as const)
          .map((kind): Fault => ({ kind, atMs, share: null, forMs })),
      ),
    fc
      .constantFrom('restart' as const, 'kill' as const)
      .map((kind): Fault => ({ kind, atMs, share: null, forMs: null })),
  ),
);

describe('a fault', () => {
  it('is read as it is spelled', () => {
    fc.assert(
      fc.property(fault, (each) => {
        expect(parseFault(spellFault(each))).toEqual(each);
      }),
    );
  });

  it.each([
    ['cut@2s', { kind: 'cut', atMs: 2_000, share: 1, forMs: null }],
    ['cut:12.5%@250ms', { kind: 'cut', atMs: 250, share: 0.125, forMs: null }],
    ['half-open:7%@1s', { kind: 'half-open', atMs: 1_000, share: 0.07, forMs: null }],
    ['net-stall:500ms@2s', { kind: 'net-stall', atMs: 2_000, share: null, forMs: 500 }],
    [' kill @ 1s ', { kind: 'kill', atMs: 1_000, share: null, forMs: null }],
  ])('%s', (text, expected) => {
    expect(parseFault(text)).toEqual(expected);
  });

  it.each([
    'cut',
    'cut:0%@2s',
    'cut:101%@2s',
    'cut:5@2s',
    'stall@2s',
    'stall:0ms@2s',
    'net-stall@2s',
    'half-open:1s@2s',
    'kill:50%@2s',
    'burn@2s',
    'cut@2',
  ])('%s is refused', (text) => expect(() => parseFault(text)).toThrow(UsageError));
});

describe('faults of a scenario', () => {
  const load = (overrides: Parameters<typeof loadScenario>[1]) => loadScenario('default', overrides, 2).scenario.faults;

  it('are none, and clients do not come back, unless something is said', () => {
    expect(load({})).toBeNull();
  });

  it('come in the order of their times, and clients come back as the guide has it', () => {
    expect(load({ faults: ['kill@2s', 'cut:50%@1s'] })).toEqual({
      injected: [parseFault('cut:50%@1s'), parseFault('kill@2s')],
      reconnect: 'exponential-jitter',
      resume: true,
    });
  });

  it.each(['half-open@1s', 'net-stall:500ms@1s'])('%s puts a relay without distance on the way', (fault) => {
    const { network } = loadScenario('default', { faults: [fault] }, 2).scenario;
    expect(network).toEqual(NO_DISTANCE);
    const far = loadScenario('default', { faults: [fault], rtt: '20ms' }, 2).scenario.network;
    expect(far).toEqual({ ...NO_DISTANCE, rttMs: 20 });
    expect(loadScenario('default', { faults: ['cut@1s'] }, 2).scenario.network).toBeNull();
  });

  it('is spelled without the tails of binary fractions', () => {
    expect(spellFault(parseFault('cut:7%@1s'))).toBe('cut:7%@1s');
  });

  it('need not be there for clients to come back', () => {
    expect(load({ reconnect: 'fixed:200ms', resume: 'off' })).toEqual({
      injected: [],
      reconnect: 'fixed:wait=200ms',
      resume: false,
    });
  });

  it('name the flag and what is accepted when they are wrong', () => {
    expect(() => load({ faults: ['cut@2'], reconnect: 'soon', resume: 'yes' })).toThrow(
      /--fault: `cut@2` is not a fault.*\n?.*--reconnect: `soon` is not a reconnection policy.*\n?.*--resume: `yes` is not `on` or `off`/s,
    );
  });
});
