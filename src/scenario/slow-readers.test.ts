import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseSlowReaders, parseSlowReaders, type SlowReaders, spellSlowReaders } from './slow-readers.js';

describe('slow readers', () => {
  it.each<[string, SlowReaders]>([
    ['10%:1KiB/s', { share: 0.1, bytesPerSecond: 1_024 }],
    ['10%:stop', { share: 0.1, bytesPerSecond: 0 }],
    ['2.5 % : 300 B/s', { share: 0.025, bytesPerSecond: 300 }],
    ['100%:1MB/s', { share: 1, bytesPerSecond: 1_000_000 }],
  ])('%j', (text, parsed) => {
    expect(parseSlowReaders(text)).toEqual(parsed);
  });

  it.each(['', '10%', '10', '0%:stop', '101%:stop', '-1%:stop', '10%:0B/s', '10%:1KiB', '10%:fast/s', '10%:stop/s'])(
    'refuses %j',
    (text) => {
      expect(parseSlowReaders(text)).toBeUndefined();
    },
  );

  it('are spelt as they are read', () => {
    const any = fc.record({
      share: fc.integer({ min: 1, max: 1_000 }).map((permille) => permille / 1_000),
      bytesPerSecond: fc.nat(10_000_000),
    });
    fc.assert(
      fc.property(any, (given) => {
        expect(parseSlowReaders(spellSlowReaders(given))).toEqual(given);
      }),
    );
  });

  it('are as many as asked for, of the clients given, the same for the same seed', () => {
    const clients = fc.uniqueArray(fc.nat(500), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(clients, fc.nat(100), fc.nat(), (given, count, seed) => {
        const chosen = chooseSlowReaders(given, count, seed);
        expect(chosen.size).toBe(Math.min(count, given.length));
        for (const client of chosen) expect(given).toContain(client);
        expect(chooseSlowReaders(given, count, seed)).toEqual(chosen);
      }),
    );
  });
});
