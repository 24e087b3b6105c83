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

/** As networks are sold: bits, in thousands. */
const BYTES_PER_SECOND: Readonly<Record<string, number>> = { kbps: 125, Mbps: 125_000, Gbps: 125_000_000 };

/** What a value must look like, for error messages. */
export const ACCEPTED = {
  duration: 'a duration with a unit such as 250ms, 5s or 2m',
  size: 'a size such as 200, 200B, 1KiB or 1MiB',
  rate: 'a rate such as 20/s, 6/min or a number (messages a second)',
  bandwidth: 'a bandwidth such as 768kbps or 9Mbps',
} as const;

/** The same as regular expressions, for schemas; that a number fits the unit's range is checked by parsing. */
export const PATTERN = {
  duration: patternOf(DURATION_MS),
  size: patternOf(SIZE_BYTES),
  rate: patternOf(RATE_PER_SECOND),
} as const;

function patternOf(units: Readonly<Record<string, number>>): RegExp {
  return new RegExp(`^\\s*\\d+(\\.\\d+)?\\s*(${Object.keys(units).join('|')})\\s*$`);
}

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

/** `"9Mbps"` → 1,125,000 bytes/s. `undefined` where the text is not `ACCEPTED.bandwidth`. */
export function parseBytesPerSecond(text: string): number | undefined {
  return parse(text, BYTES_PER_SECOND);
}

function parse(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z/]*)$/.exec(text.trim());
  const unit = match?.[2] ?? '';
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (!match || factor === undefined) return undefined;
  // 15 digits, so that 1.001 kB is 1,001 bytes in spite of binary fractions.
  const value = Number((Number(match[1]) * factor).toPrecision(15));
  return Number.isFinite(value) ? value : undefined;
}

/** As `parseDurationMs` reads it, exactly, without a space: `500ms`, `5s`. */
export function spellDurationMs(ms: number): string {
  return ms >= 1_000 && ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`;
}

/** The unit that fits, whole µs as they are, else 3 significant digits: `87 µs`, `8.40 µs`, `1.25 ms`, `4.50 s`. */
export function formatUs(us: number): string {
  if (us < 999.5) return `${wholeOrSignificant(us)} µs`;
  if (us < 999_500) return `${significant(us / 1_000)} ms`;
  return `${significant(us / 1_000_000)} s`;
}

/** For people, without needless zeros: `250 ms`, `2.5 s`, `1 min 30 s`. */
export function formatDurationMs(ms: number): string {
  if (ms < 999.5) return `${withoutTrailingZeros(significant(ms))} ms`;
  if (ms < 59_950) return `${withoutTrailingZeros(significant(ms / 1_000))} s`;
  const seconds = Math.round(ms / 1_000);
  const rest = seconds % 60;
  return rest === 0 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 60)} min ${rest} s`;
}

/** Whole bytes as they are, else 3 significant digits: `200 B`, `2.35 B`, `1.50 KiB`, `3.25 MiB`, `1.00 GiB`. */
export function formatBytes(bytes: number): string {
  const KIB = 1_024;
  if (bytes < 1_023.5) return `${wholeOrSignificant(bytes)} B`;
  if (bytes < 1_023.5 * KIB) return `${significant(bytes / KIB)} KiB`;
  if (bytes < 1_023.5 * KIB ** 2) return `${significant(bytes / KIB ** 2)} MiB`;
  return `${significant(bytes / KIB ** 3)} GiB`;
}

/** Whole numbers in groups of three: `12,000`. */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

/** Three significant digits, trailing zeros included, never in exponent form; whole digits are all kept: `1234`. */
export function significant(value: number): string {
  if (value === 0) return '0';
  // Rounded first: 9.996 has one digit before the point, 10.0 has two.
  const magnitude = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(3)))));
  return value.toFixed(Math.min(100, Math.max(0, 2 - magnitude)));
}

function wholeOrSignificant(value: number): string {
  return Number.isInteger(value) ? String(value) : significant(value);
}

function withoutTrailingZeros(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
}
