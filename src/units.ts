/**
 * Values with units, parsed once at the edge and printed once at the other. Inside, every number carries its unit in
 * its name.
 */

const DURATION_MS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const SIZE_BYTES: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  kB: 1_000,
  KiB: 1_024,
  MB: 1_000_000,
  MiB: 1_048_576,
};
const RATE_PER_SECOND: Readonly<Record<string, number>> = {
  '': 1,
  '/s': 1,
  '/min': 1 / 60,
  '/m': 1 / 60,
  '/h': 1 / 3_600,
};

/** What a value must look like, for error messages. */
export const ACCEPTED = {
  duration: 'a duration with a unit such as 250ms, 5s or 2m',
  size: 'a size such as 200, 200B, 1KiB or 1MiB',
  rate: 'a rate such as 20/s, 6/min or a number (messages a second)',
} as const;

/** `"250ms"` → 250. `undefined` where the text is not `ACCEPTED.duration`; zero is accepted, a sign is not. */
export function parseDurationMs(text: string): number | undefined {
  return parse(text, DURATION_MS);
}

/** `"1KiB"` → 1024. `undefined` where the text is not `ACCEPTED.size` or not whole bytes. */
export function parseSizeBytes(text: string): number | undefined {
  const bytes = parse(text, SIZE_BYTES);
  return bytes !== undefined && Number.isInteger(bytes) ? bytes : undefined;
}

/** `"20/s"` → 20. `undefined` where the text is not `ACCEPTED.rate`. */
export function parseRatePerSecond(text: string): number | undefined {
  return parse(text, RATE_PER_SECOND);
}

function parse(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z/]*)$/.exec(text.trim());
  if (!match) return undefined;
  const unit = units[match[2] ?? ''];
  if (unit === undefined || !Object.hasOwn(units, match[2] ?? '')) return undefined;
  const value = Number(match[1]) * unit;
  return Number.isFinite(value) ? value : undefined;
}

/** 3 significant digits and the unit that fits: `87 µs`, `1.25 ms`, `4.50 s`. */
export function formatUs(us: number): string {
  if (us < 1_000) return `${significant(us)} µs`;
  if (us < 999_500) return `${significant(us / 1_000)} ms`;
  return `${significant(us / 1_000_000)} s`;
}

/** `250 ms`, `5 s`, `1 min 30 s`. */
export function formatDurationMs(ms: number): string {
  if (ms < 1_000) return `${Number(significant(ms))} ms`;
  if (ms < 60_000) return `${Number(significant(ms / 1_000))} s`;
  const seconds = Math.round(ms / 1_000);
  const rest = seconds % 60;
  return rest === 0 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 60)} min ${rest} s`;
}

/** `200 B`, `1.50 KiB`, `3.25 MiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_024) return `${bytes < 10 && !Number.isInteger(bytes) ? significant(bytes) : Math.round(bytes)} B`;
  if (bytes < 1_048_576) return `${significant(bytes / 1_024)} KiB`;
  return `${significant(bytes / 1_048_576)} MiB`;
}

/** Whole numbers in groups of three: `12,000`. */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

/** Three significant digits, never in exponent form. */
export function significant(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 2));
}
