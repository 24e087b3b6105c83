import type { LatencyOutline } from '../metrics/histogram.js';
import { latencyCell } from './figures.js';

const EIGHTHS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/**
 * The bars of a distribution, `height` lines, the highest first; as many columns as there are counts, each
 * `columnWidth` characters. What is there at all is seen: the lowest bar is an eighth of a line.
 */
export function bars(counts: readonly number[], height: number, columnWidth: number): string[] {
  const most = Math.max(1, ...counts);
  const eighths = counts.map((count) => (count === 0 ? 0 : Math.max(1, Math.round((count / most) * height * 8))));
  return Array.from({ length: height }, (_, line) => {
    const below = (height - 1 - line) * 8;
    return eighths.map((value) => blockOf(value - below).repeat(columnWidth)).join('');
  });
}

function blockOf(eighths: number): string {
  return EIGHTHS[Math.min(8, Math.max(0, eighths))] ?? ' ';
}

/** The line below the bars, with the places of the percentiles on their logarithmic scale, where there is room. */
export function axis({ minUs, p50Us, p90Us, p99Us, maxUs }: LatencyOutline, width: number): string {
  let line = '─'.repeat(width);
  const span = Math.log(Math.max(1, maxUs) / Math.max(1, minUs));
  // The 99th first: of two that would overlap it says more.
  for (const [name, us] of [
    ['p50', p50Us],
    ['p99', p99Us],
    ['p90', p90Us],
  ] as const) {
    const share = span === 0 ? 0 : Math.log(Math.max(1, us) / Math.max(1, minUs)) / span;
    const at = Math.min(width - name.length, Math.max(0, Math.round(share * width) - 1));
    const isFree = /^─*$/.test(line.slice(Math.max(0, at - 1), at + name.length + 1));
    if (at >= 0 && isFree) line = line.slice(0, at) + name + line.slice(at + name.length);
  }
  return line;
}

/** `p50 2.14 · p90 3.51 · p99 4.87 · max 9.74 ms` */
export function percentiles({ p50Us, p90Us, p99Us, maxUs }: LatencyOutline): string {
  const named = [
    ['p50', p50Us],
    ['p90', p90Us],
    ['p99', p99Us],
    ['max', maxUs],
  ] as const;
  return `${named.map(([name, us]) => `${name} ${latencyCell(us)}`).join(' · ')} ms`;
}
