import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWhenFull, spellWhenFull, WAIT, type WhenFull } from './when-full.js';

const MIB = 1_048_576;

describe('what to do with a full reader', () => {
  it.each<[string, WhenFull]>([
    ['wait', WAIT],
    ['wait:buffer=64KiB', { policy: 'wait', bufferBytes: 65_536 }],
    ['drop-oldest', { policy: 'drop-oldest', keepMessages: 100, bufferBytes: MIB }],
    ['drop-oldest:keep=5,buffer=1KiB', { policy: 'drop-oldest', keepMessages: 5, bufferBytes: 1_024 }],
    ['disconnect', { policy: 'disconnect', afterMs: 1_000, behindMessages: 1_000, bufferBytes: MIB }],
    ['disconnect:after=250ms', { policy: 'disconnect', afterMs: 250, behindMessages: 1_000, bufferBytes: MIB }],
    [
      ' disconnect: behind=7 , after=2m ',
      { policy: 'disconnect', afterMs: 120_000, behindMessages: 7, bufferBytes: MIB },
    ],
  ])('%j', (text, whenFull) => {
    expect(parseWhenFull(text)).toEqual(whenFull);
  });

  it.each([
    '',
    'drop',
    'wait:',
    'wait:keep=5',
    'drop-oldest:after=1s',
    'drop-oldest:keep=0',
    'drop-oldest:keep=1.5',
    'drop-oldest:keep=5,keep=6',
    'drop-oldest:keep',
    'drop-oldest:keep=5=6',
    'disconnect:after=5',
    'disconnect:after=2h',
    'wait:buffer=1B',
    'wait:buffer=1000MiB',
  ])('refuses %j', (text) => {
    expect(parseWhenFull(text)).toBeUndefined();
  });

  it('reads what it spells', () => {
    const bufferBytes = fc.integer({ min: 1_024, max: 64 * MIB });
    const messages = fc.integer({ min: 1, max: 1_000_000 });
    const any = fc.oneof(
      fc.record({ policy: fc.constant('wait' as const), bufferBytes }),
      fc.record({ policy: fc.constant('drop-oldest' as const), bufferBytes, keepMessages: messages }),
      fc.record({
        policy: fc.constant('disconnect' as const),
        bufferBytes,
        afterMs: fc.integer({ min: 1, max: 3_600_000 }),
        behindMessages: messages,
      }),
    );
    fc.assert(
      fc.property(any, (whenFull) => {
        expect(parseWhenFull(spellWhenFull(whenFull))).toEqual(whenFull);
      }),
    );
  });
});
