/** Where a message of a server that is not rtbench's own carries what tells when, or which, it is. */
export type Stamp =
  /** The body that rtbench publishes, passed on. */
  | { readonly kind: 'envelope' }
  /** Nothing: arrivals alone. */
  | { readonly kind: 'none' }
  /** In a field of its own. */
  | FieldStamp;

export interface FieldStamp {
  readonly kind: 'field';
  readonly place: FieldPlace;
  readonly unit: StampUnit;
}

export type FieldPlace =
  /** The parts of a JSON pointer (RFC 6901), at least one. */
  | { readonly kind: 'pointer'; readonly tokens: readonly string[] }
  /** Source of a regular expression; its first group, or all of the match where it has none. */
  | { readonly kind: 'regex'; readonly source: string };

/** In what the server tells the time; `sequence`: it tells no time but numbers what it sends to a client. */
export type StampUnit = (typeof STAMP_UNITS)[number];

export const STAMP_UNITS = ['s', 'ms', 'us', 'ns', 'iso', 'sequence'] as const;

/** How far the server's clock is ahead of this machine's, and how far that may be off, µs. */
export interface ClockOffset {
  readonly offsetUs: number;
  readonly errorUs: number;
}

export const STAMP_ACCEPTED =
  '`envelope`, `none`, or `field:/path/of/it:ms` (a JSON pointer) or `field:regex:t=(\\d+):ms` with one of ' +
  `${STAMP_UNITS.join(', ')}`;

export const CLOCK_OFFSET_ACCEPTED = "how far the server's clock is ahead, and its bound, such as 3ms±1ms";

/** `undefined`: not one. */
export function parseStamp(text: string): Stamp | undefined {
  if (text === 'envelope' || text === 'none') return { kind: text };
  const [, place = '', unit = ''] = /^field:(.+):(\w+)$/s.exec(text) ?? [];
  const known = STAMP_UNITS.find((name) => name === unit);
  const where = parsePlace(place);
  return known === undefined || where === undefined ? undefined : { kind: 'field', place: where, unit: known };
}

export function spellStamp(stamp: Stamp): string {
  if (stamp.kind !== 'field') return stamp.kind;
  return `field:${spellPlace(stamp.place)}:${stamp.unit}`;
}

/** `/time`, `regex:t=(\d+)`. */
export function spellPlace(place: FieldPlace): string {
  if (place.kind === 'regex') return `regex:${place.source}`;
  return place.tokens.map((token) => `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Whether messages say when the server sent them. */
export function tellsTime(stamp: Stamp): boolean {
  return stamp.kind === 'field' && stamp.unit !== 'sequence';
}

/** `3ms±1ms`, `-250us±2ms`; `+-` stands for `±`. `undefined`: not one. */
export function parseClockOffset(text: string): ClockOffset | undefined {
  const [, sign, offset, offsetUnit, error, errorUnit] =
    /^([+-]?)(\d+(?:\.\d+)?)(us|ms|s)(?:±|\+-)(\d+(?:\.\d+)?)(us|ms|s)$/.exec(text.replaceAll(/\s/g, '')) ?? [];
  if (offset === undefined || error === undefined) return undefined;
  const offsetUs = Number(offset) * (UNIT_US[offsetUnit ?? ''] ?? Number.NaN);
  return { offsetUs: sign === '-' ? -offsetUs : offsetUs, errorUs: Number(error) * (UNIT_US[errorUnit ?? ''] ?? 0) };
}

const UNIT_US: Readonly<Record<string, number>> = { us: 1, ms: 1_000, s: 1_000_000 };

function parsePlace(text: string): FieldPlace | undefined {
  if (text.startsWith('regex:')) {
    const source = text.slice('regex:'.length);
    return source !== '' && isRegex(source) ? { kind: 'regex', source } : undefined;
  }
  if (!text.startsWith('/') || /~(?![01])/.test(text)) return undefined;
  const tokens = text
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  return { kind: 'pointer', tokens };
}

function isRegex(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}
