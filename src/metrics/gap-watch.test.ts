import { expect, it } from 'vitest';
import { GapWatch } from './gap-watch.js';

/** Beats at these times, µs, of a process that uses CPU at a rate of `busy` while time passes. */
function beats(atUs: readonly number[], busy: (nowUs: number) => number) {
  let nowUs = 0;
  const watch = new GapWatch({ nowUs: () => nowUs }, 100_000, () => busy(nowUs));
  for (const at of atUs) {
    nowUs = at;
    watch.beat();
  }
  return watch.gaps;
}

it('keeps the times between beats that are longer than told, and no others', () => {
  const gaps = beats([40_000, 140_000, 240_001, 1_240_001, 1_250_000], () => 0);
  expect(gaps).toEqual([
    { fromUs: 140_000, toUs: 240_001, busyShare: 0 },
    { fromUs: 240_001, toUs: 1_240_001, busyShare: 0 },
  ]);
});

it('tells a process that was busy in one go from one that stood still', () => {
  const busyUntilStop = (nowUs: number) => Math.min(nowUs, 300_000);
  const [gap] = beats([100_000, 200_000, 300_000, 1_300_000], busyUntilStop);
  expect(gap?.busyShare).toBe(0);
  const [busy] = beats([100_000, 200_000, 300_000, 1_300_000], (nowUs) => nowUs);
  expect(busy?.busyShare).toBe(1);
});

it('reads the CPU time of this process unless told otherwise', () => {
  const startMs = performance.now();
  const watch = new GapWatch({ nowUs: () => performance.now() * 1_000 }, 30_000);
  while (performance.now() - startMs < 60) Math.sqrt(startMs);
  watch.beat();
  expect(watch.gaps).toHaveLength(1);
  expect(watch.gaps[0]?.busyShare).toBeGreaterThan(0);
});

it('keeps a bounded number', () => {
  const gaps = beats(
    Array.from({ length: 6_000 }, (_, index) => (index + 1) * 200_000),
    () => 0,
  );
  expect(gaps).toHaveLength(5_000);
});
