import { describe, expect, it } from 'vitest';
import { randomStream } from './random.js';

const COUNT = 2_000;

/** Largest distance of the values' distribution from the uniform one (Kolmogorov and Smirnov), times √n. */
function distance(values: readonly number[]): number {
  const ordered = [...values].sort((a, b) => a - b);
  const apart = ordered.map((value, at) => Math.max(Math.abs(value - at / COUNT), Math.abs(value - (at + 1) / COUNT)));
  return Math.max(...apart) * Math.sqrt(COUNT);
}

describe('randomStream', () => {
  it('is a function of seed and purpose', () => {
    const first = (seed: number, purpose: string) => randomStream(seed, purpose)();
    expect(first(1, 'a')).toBe(first(1, 'a'));
    expect(new Set([first(1, 'a'), first(2, 'a'), first(1, 'b')]).size).toBe(3);
  });

  it.each(['waits of client ', 'phase of client '])(
    '"%s17": each draw of all clients is uniform over them',
    (purpose) => {
      for (const seed of [1, 2, 3, 4, 5]) {
        const streams = Array.from({ length: COUNT }, (_, client) => randomStream(seed, `${purpose}${client}`));
        // Beyond 2.2 chance goes once in 8,000 times.
        for (let draw = 1; draw <= 3; draw++) expect(distance(streams.map((next) => next()))).toBeLessThan(2.2);
      }
    },
  );
});
