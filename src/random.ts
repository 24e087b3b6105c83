import { xoroshiro128plus } from 'pure-rand';

/**
 * Uniform numbers in [0, 1), a function of the seed and of what they are for: streams for different purposes do not
 * disturb each other, so one more draw here does not change what is drawn there.
 */
export function randomStream(seed: number, purpose: string): () => number {
  let state = seed | 0;
  for (let i = 0; i < purpose.length; i++) state = Math.imul(state ^ purpose.charCodeAt(i), 0x01000193);
  const generator = xoroshiro128plus(state);
  return () => (generator.unsafeNext() >>> 0) / 0x1_0000_0000;
}
