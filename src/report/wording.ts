import { formatCount } from '../units.js';

/** A latency in ms from µs, short enough for a column: `0.045`, `0.62`, `12.3`, `496`, `1,250`. */
export function latencyMs(us: number): string {
  const ms = us / 1_000;
  if (ms < 0.0995) return ms.toFixed(3);
  if (ms < 9.995) return ms.toFixed(2);
  if (ms < 99.95) return ms.toFixed(1);
  return formatCount(ms);
}

/** A figure with two digits after the point below 10, one below 100, else none: `9.12`, `31.2`, `204`, `1,250`. */
export function plainFigure(value: number): string {
  if (Number.isInteger(value)) return formatCount(value);
  const size = Math.abs(value);
  if (size < 9.995) return value.toFixed(2);
  if (size < 99.95) return value.toFixed(1);
  return formatCount(value);
}

/** `A`, `A and B`, `A, B and C`. */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** `one round`, `3 rounds`; `plural` where an `s` does not make it. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return count === 1 ? `one ${noun}` : `${formatCount(count)} ${plural}`;
}

/** `0.62`, or `0.62–1.31` where the two ends read differently. */
export function between(low: string, high: string): string {
  return low === high ? low : `${low}–${high}`;
}
