import { UsageError } from '../errors.js';
import {
  ACCEPTED,
  formatBytes,
  formatCount,
  formatDurationMs,
  parseDurationMs,
  parseRatePerSecond,
  parseSizeBytes,
  spellDurationMs,
} from '../units.js';

/** What a sweep can vary: clients; messages a second; bytes of payload; ms from one poll to the next. */
export const VARIABLES = ['clients', 'rate', 'size', 'interval'] as const;
export type Variable = (typeof VARIABLES)[number];

export interface Vary {
  readonly variable: Variable;
  /** Ascending, each once, in the unit of the variable; at least three. */
  readonly values: readonly number[];
}

/** Values below which there is no line with an error to it. */
const LEAST_VALUES = 3;
const MOST_VALUES = 50;

const FORMS: Readonly<Record<Variable, { parse: (text: string) => number | undefined; accepted: string }>> = {
  clients: { parse: (text) => (/^\d+$/.test(text) ? Number(text) : undefined), accepted: 'a whole number of clients' },
  rate: { parse: parseRatePerSecond, accepted: ACCEPTED.rate },
  size: { parse: parseSizeBytes, accepted: ACCEPTED.size },
  interval: { parse: parseDurationMs, accepted: ACCEPTED.duration },
};

/**
 * `"clients=50..800"` in geometric steps, both ends included, or a list: `"rate=1,10,100/s"`.
 *
 * @throws UsageError with everything that is wrong with it.
 */
export function parseVary(text: string, steps: number): Vary {
  const [, name = '', list = ''] = /^\s*([a-z]+)\s*=(.*)$/s.exec(text) ?? [];
  const variable = VARIABLES.find((one) => one === name);
  if (variable === undefined) {
    throw new UsageError(
      `--vary: \`${text}\` is not ${VARIABLES.join(', ')} with values, such as clients=50..800 or rate=1/s,10/s,100/s`,
    );
  }
  const { parse, accepted } = FORMS[variable];
  const problems: string[] = [];
  const read = (part: string): number => {
    const value = parse(part.trim());
    if (value !== undefined && value > 0) return value;
    problems.push(`--vary: \`${part.trim()}\` is not ${accepted}, above 0`);
    return 1;
  };
  const ends = list.split('..');
  const given =
    ends.length === 2 ? between(read(ends[0] ?? ''), read(ends[1] ?? ''), steps) : list.split(',').map(read);
  if (problems.length > 0) throw new UsageError(problems);
  const values = [...new Set(given.map((value) => roundValue(variable, value)))].sort((a, b) => a - b);
  if (values.length < LEAST_VALUES) {
    throw new UsageError(
      `--vary: ${values.length} different value(s) of ${variable} make no curve with an error to it: give ${LEAST_VALUES} or more, or a wider range`,
    );
  }
  if (values.length > MOST_VALUES) throw new UsageError(`--vary: ${values.length} values, more than ${MOST_VALUES}`);
  return { variable, values };
}

/** Equal factors from one to the next. */
function between(low: number, high: number, steps: number): number[] {
  return Array.from({ length: steps }, (_, index) => low * (high / low) ** (index / (steps - 1)));
}

/** To a value that can be measured: whole clients, bytes and ms; a rate to three digits. */
export function roundValue(variable: Variable, value: number): number {
  return variable === 'rate' ? Number(value.toPrecision(3)) : Math.max(1, Math.round(value));
}

/** As `--vary` reads it. */
export function spellValue(variable: Variable, value: number): string {
  if (variable === 'rate') return `${value}/s`;
  if (variable === 'size') return `${value}B`;
  return variable === 'interval' ? spellDurationMs(value) : String(value);
}

/** Short, for people: an axis, the head of a column. */
export function formatValue(variable: Variable, value: number): string {
  if (variable === 'rate') return formatRate(value);
  if (variable === 'size') return formatBytes(value);
  return variable === 'interval' ? formatDurationMs(value) : formatCount(value);
}

/** `120/s`; below one a second `1 per 40 s`. */
export function formatRate(perSecond: number): string {
  if (perSecond < 0.995) return `1 per ${formatDurationMs(1_000 / perSecond)}`;
  return `${perSecond < 99.5 ? Number(perSecond.toPrecision(3)) : formatCount(perSecond)}/s`;
}

/** In a sentence, behind "below" or "at". */
export function valueInWords(variable: Variable, value: number): string {
  if (variable === 'clients') return `${formatCount(value)} clients`;
  if (variable === 'size') return `${formatBytes(value)} of payload`;
  if (variable === 'interval') return `a poll every ${formatDurationMs(value)}`;
  return value < 0.995
    ? `one message per ${formatDurationMs(1_000 / value)}`
    : `${formatRate(value).replace('/s', '')} messages/s`;
}
