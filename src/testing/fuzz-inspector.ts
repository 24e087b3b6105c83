import fc from 'fast-check';
import type { Inspector, Streams } from '../transports/inspection.js';
import type { Settings } from '../transports/transport.js';
import { expectCovered, expectLengths } from './inspected.js';

/** Cases of a unit test; `src/cli/inspect-fuzz.e2e.test.ts` has many more. */
export const FEW_RUNS = 150;

export interface FuzzOptions {
  readonly inspector: Inspector;
  readonly settings: Settings;
  /** Well-formed connections of the technique, to be damaged. */
  readonly seeds: readonly Streams[];
  readonly runs: number;
}

/**
 * Whatever the bytes, an inspector does not throw, its parts cover them, and no length is said that is not there: bytes at random, and connections that are cut,
 * have bytes changed, or have some put in, left out or said twice.
 */
export function fuzzInspector({ inspector, settings, seeds, runs }: FuzzOptions): void {
  fc.assert(
    fc.property(damaged(seeds), (streams) => {
      const units = inspector.decode(streams, settings);
      expectCovered(streams, units);
      expectLengths(units);
    }),
    { numRuns: runs },
  );
}

function damaged(seeds: readonly Streams[]): fc.Arbitrary<Streams> {
  const noise = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    how: fc.constantFrom('change', 'insert', 'drop', 'cut', 'repeat'),
    bytes: noise,
  });
  const seed = seeds.length === 0 ? fc.constant(emptyStreams) : fc.constantFrom(...seeds);
  const mutated = fc
    .tuple(seed, fc.array(change, { maxLength: 4 }), fc.array(change, { maxLength: 4 }))
    .map(([{ up, down }, ups, downs]) => ({ up: ups.reduce(damage, up), down: downs.reduce(damage, down) }));
  const withNoise = fc.tuple(seed, noise, noise).map(([{ up, down }, a, b]) => ({
    up: Buffer.concat([up, a]),
    down: Buffer.concat([down, b]),
  }));
  return fc.oneof(mutated, withNoise, fc.record({ up: noise, down: noise }));
}

const emptyStreams: Streams = { up: Buffer.alloc(0), down: Buffer.alloc(0) };

function damage(bytes: Buffer, change: { at: number; how: string; bytes: Buffer }): Buffer {
  const at = Math.floor(change.at * bytes.length);
  const few = change.bytes.subarray(0, 8);
  switch (change.how) {
    case 'cut':
      return bytes.subarray(0, at);
    case 'insert':
      return Buffer.concat([bytes.subarray(0, at), few, bytes.subarray(at)]);
    case 'drop':
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + few.length)]);
    case 'repeat':
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - 40))]);
    default:
      return Buffer.concat([bytes.subarray(0, at), few, bytes.subarray(at + few.length)]);
  }
}
