import type { Settings } from '../transports/transport.js';
import { formatBytes, formatUs, parseDurationMs, parseRatePerSecond, parseSizeBytes, significant } from '../units.js';
import { EXPECT_FIGURES, type ExpectFigure, type FigureUnit } from './expect-figures.js';
import { didYouMean } from './suggestion.js';

export const OPERATORS = ['<', '<=', '>', '>=', '='] as const;
export type Operator = (typeof OPERATORS)[number];

/** What a figure must be. */
export interface Limit {
  /** Of `EXPECT_FIGURES`. */
  readonly path: string;
  readonly operator: Operator;
  /** In the unit of the figure: µs, ms, B, a share of 1, a plain number. */
  readonly limit: number;
}

/** What a figure of every technique, or of some rows, must be for a run to pass. */
export interface Threshold extends Limit {
  /** `null`: every row but the controls. */
  readonly row: ThresholdRow | null;
}

/** Rows of a transport with these settings, whatever their others are. */
export interface ThresholdRow {
  /** As it was written: `websocket:deflate=true`. */
  readonly spec: string;
  readonly transport: string;
  readonly settings: Settings;
}

/** What is wrong with a threshold, and what would be right. */
export class ThresholdProblem extends Error {}

/**
 * `('latencyUs.p99', '<250ms')` → `{ path, operator: '<', limit: 250_000 }`. A value without an operator means `=`.
 *
 * @throws ThresholdProblem where the figure is unknown, the operator none, the unit another one's, or the threshold
 * could never be missed or never be met.
 */
export function parseLimit(path: string, value: unknown): Limit {
  const figure = EXPECT_FIGURES.get(path);
  if (figure === undefined) throw new ThresholdProblem(unknownFigure(path));
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw new ThresholdProblem(`must be ${acceptedFor(figure)}, got ${spellValue(value)}`);
  }
  const [, sign = '', amount = ''] = /^\s*([^\w\s.+-]*)\s*(.*?)\s*$/s.exec(String(value)) ?? [];
  const operator = operatorOf(sign, figure);
  const limit = parseAmount(amount, figure.unit);
  if (limit === undefined) {
    throw new ThresholdProblem(`\`${amount}\` is not ${AMOUNTS[figure.unit]}: give ${acceptedFor(figure)}`);
  }
  const parsed = { path, operator, limit };
  const idle = idleReason(parsed, figure);
  if (idle !== undefined) throw new ThresholdProblem(`\`${sign}${amount}\` ${idle}: give ${acceptedFor(figure)}`);
  return parsed;
}

function operatorOf(sign: string, figure: ExpectFigure): Operator {
  const operator = sign === '' || sign === '==' ? '=' : OPERATORS.find((known) => known === sign);
  if (operator === undefined) {
    throw new ThresholdProblem(`\`${sign}\` is no operator; there are ${OPERATORS.join(', ')}`);
  }
  if (operator === '=' && !figure.exact) {
    throw new ThresholdProblem(
      `${sign === '' ? 'has no operator, and' : `\`${sign}\`:`} what is not counted is never exactly so much: give ${acceptedFor(figure)}`,
    );
  }
  return operator;
}

/** A gate that is open, or shut, whatever comes. */
function idleReason({ operator, limit }: Limit, { least }: ExpectFigure): string | undefined {
  if (least === null) return undefined;
  if (operator === '>=' && limit <= least) return `can never fail, since it is ${least} or more always`;
  if (operator === '<' && limit <= least) return `can never hold, since it is never below ${least}`;
  return undefined;
}

function unknownFigure(path: string): string {
  const known = [...EXPECT_FIGURES.keys()];
  const siblings = known.filter((one) => one.startsWith(`${path.split('.')[0]}.`));
  const list = siblings.length > 0 ? siblings : MOST_WANTED;
  return `\`${path}\` is no figure that a threshold may be about${didYouMean(path, known)}${
    siblings.length > 0 ? 'there are' : 'such are'
  } ${list.join(', ')}`;
}

const MOST_WANTED = ['latencyUs.p99', 'delivery.lost', 'bytes.perMessage.down', 'server.cpuUsPerMessage'];

const AMOUNTS: Readonly<Record<FigureUnit, string>> = {
  us: 'a duration with a unit',
  ms: 'a duration with a unit',
  bytes: 'a size in bytes',
  share: 'a share',
  perSecond: 'a rate',
  count: 'a number',
};

const EXAMPLES: Readonly<Record<FigureUnit, readonly string[]>> = {
  us: ['<250ms', '<=400us'],
  ms: ['<250ms', '<=1s'],
  bytes: ['<=130', '<2KiB'],
  share: ['<80%', '<=0.5'],
  perSecond: ['>=100/s', '>20'],
  count: ['<=3', '>=1'],
};

function acceptedFor({ unit, exact }: ExpectFigure): string {
  const examples = [...EXAMPLES[unit], ...(exact ? ['0'] : [])].map((one) => `"${one}"`);
  return `an operator and ${AMOUNTS[unit]}, such as ${examples.join(' or ')}`;
}

function parseAmount(text: string, unit: FigureUnit): number | undefined {
  switch (unit) {
    case 'us': {
      const ms = parseDurationMs(text);
      return ms === undefined ? undefined : Number((ms * 1_000).toPrecision(15));
    }
    case 'ms':
      return parseDurationMs(text);
    case 'bytes':
      return parseSizeBytes(text) ?? parseNumber(text);
    case 'share':
      return text.endsWith('%') ? hundredth(parseNumber(text.slice(0, -1).trim())) : parseNumber(text);
    case 'perSecond':
      return parseRatePerSecond(text);
    case 'count':
      return parseNumber(text);
  }
}

function parseNumber(text: string): number | undefined {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function hundredth(percent: number | undefined): number | undefined {
  return percent === undefined ? undefined : Number((percent / 100).toPrecision(15));
}

/** Whether a figure is what is asked of it. */
export function isMet({ operator, limit }: Limit, value: number): boolean {
  switch (operator) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '=':
      return value === limit;
  }
}

/** A figure of that path with its unit: `231 ms`, `127 B`, `42 %`, `3`. */
export function spellFigure(path: string, value: number): string {
  switch (EXPECT_FIGURES.get(path)?.unit ?? 'count') {
    case 'us':
      return formatUs(value);
    case 'ms':
      return formatUs(value * 1_000);
    case 'bytes':
      return formatBytes(value);
    case 'share':
      return `${plain(value * 100)} %`;
    case 'perSecond':
      return `${plain(value)}/s`;
    case 'count':
      return plain(value);
  }
}

function plain(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString('en-US') : significant(value);
}

/** `latencyUs.p99 < 250 ms`, and of which rows, where they are not all. */
export function spellThreshold({ path, operator, limit, row }: Threshold): string {
  return `${row === null ? '' : `${row.spec} `}${path} ${operator} ${spellFigure(path, limit)}`;
}

function spellValue(value: unknown): string {
  return value === null ? 'nothing' : JSON.stringify(value);
}
