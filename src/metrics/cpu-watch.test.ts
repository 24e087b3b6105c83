import { describe, expect, it } from 'vitest';
import { CpuWatch, cpuShareBetween, cpuUsOf } from './cpu-watch.js';

describe('CPU time of another process', () => {
  it('goes on growing where another process takes its place, and leaves out what cannot be read', () => {
    let nowUs = 0;
    let pid = 1;
    const books = new Map<number, number | null>([
      [1, 500],
      [2, null],
    ]);
    const watch = new CpuWatch(
      { nowUs: () => nowUs },
      () => pid,
      (of) => books.get(of) ?? null,
    );
    watch.look();
    nowUs = 100;
    books.set(1, 700);
    watch.look();
    nowUs = 200;
    pid = 2;
    watch.look();
    nowUs = 300;
    books.set(2, 40);
    watch.look();
    expect(watch.stop()).toEqual([
      { atUs: 0, cpuUs: 500 },
      { atUs: 100, cpuUs: 700 },
      { atUs: 300, cpuUs: 740 },
    ]);
  });

  it('is a share of the time between the readings that enclose what is asked for', () => {
    const readings = [0, 100, 200, 300].map((atUs) => ({ atUs, cpuUs: atUs < 200 ? 0 : atUs / 2 }));
    expect(cpuShareBetween(readings, 120, 180)).toEqual({ share: 1, overUs: 100 });
    expect(cpuShareBetween(readings, -5, 1_000)).toEqual({ share: 0.5, overUs: 300 });
    expect(cpuShareBetween(readings, 300, 300)).toBeNull();
    expect(cpuShareBetween([], 0, 1)).toBeNull();
  });

  it.skipIf(process.platform !== 'linux')('is that of the kernel, and null of no process', () => {
    expect(cpuUsOf(process.pid)).toBeGreaterThan(0);
    expect(cpuUsOf(2 ** 30)).toBeNull();
  });
});
