import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SequenceAccount } from './sequence-account.js';

function counts(sequences: readonly number[]) {
  const account = new SequenceAccount(1);
  for (const sequence of sequences) account.note(0, sequence, true);
  return account.counts;
}

describe('numbers of a server', () => {
  it.each<[string, number[], number, number, number]>([
    ['in order', [5, 6, 7], 0, 0, 0],
    ['with a hole', [1, 2, 5, 6], 2, 0, 0],
    ['twice', [1, 2, 2, 3, 1], 0, 2, 0],
    ['late, which fills its hole', [1, 3, 2, 4], 0, 0, 1],
    ['late and twice', [1, 3, 2, 2], 0, 1, 1],
    ['before the first', [5, 4], 0, 0, 1],
    ['older than what is kept', [1, 2_000, 2], 1_998, 0, 1],
    ['negative', [-3, -2, -1, 0, 1, -2], 0, 1, 0],
    ['so far apart that it is no counter', [0, 2 ** 52, 2 ** 52 + 1], 2 ** 40, 0, 0],
  ])('%s', (_what, sequences, missed, repeated, outOfOrder) => {
    expect(counts(sequences)).toEqual({ missed, repeated, outOfOrder });
  });

  it('of one client tell nothing of another', () => {
    const account = new SequenceAccount(3);
    for (const [slot, sequence] of [
      [0, 1],
      [1, 1],
      [2, 900],
      [0, 2],
      [1, 4],
      [2, 901],
    ] as const) {
      account.note(slot, sequence, true);
    }
    expect(account.counts).toEqual({ missed: 2, repeated: 0, outOfOrder: 0 });
  });

  it('outside of the window are kept and not counted', () => {
    const account = new SequenceAccount(1);
    for (const sequence of [1, 5, 5]) account.note(0, sequence, false);
    // A hole of the warm-up that is filled late pays for none of the window.
    for (const sequence of [6, 3, 9]) account.note(0, sequence, true);
    expect(account.counts).toEqual({ missed: 2, repeated: 0, outOfOrder: 1 });
  });

  it('are told as a list of all of them would tell, within what is kept', () => {
    const drawn = fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(drawn, ([first = 0, ...rest]) => {
        const sequences = [first, ...rest.filter((sequence) => sequence > first)];
        const highest = Math.max(...sequences);
        const known = new Set(sequences);
        const missed = highest - first + 1 - known.size;
        let top = first;
        const seen = new Set([first]);
        let late = 0;
        for (const sequence of sequences.slice(1)) {
          if (!seen.has(sequence) && sequence < top) late++;
          seen.add(sequence);
          top = Math.max(top, sequence);
        }
        expect(counts(sequences)).toEqual({ missed, repeated: sequences.length - known.size, outOfOrder: late });
      }),
    );
  });
});
