import type { InspectedEvent, InspectedPart } from '../report/inspection/inspection.js';
import type { PartKind } from '../transports/inspection.js';
import { formatCount } from '../units.js';
import type { Paint, Style } from './ansi.js';
import { cut, MAX_UNITS_SHOWN } from './inspect-drawing.js';
import { styleOf } from './inspect-kinds.js';
import { wrap } from './layout.js';

/** Offset and length before a part. */
const MARGIN = 16;
/** Most bytes of a part that are shown in digits beside its meaning. */
const HEX_BYTES = 8;
/** Bytes by which a text is compared with what stands beside it. */
const SAID_BYTES = 40;
/** Most parts of a unit that are shown. */
const MAX_PARTS = 60;
/** Most bytes of a unit that are dumped. */
const DUMP_BYTES = 4_096;
const DUMP_ROW_BYTES = 16;

/** Every event part by part. `raw`: with a dump of its bytes. */
export function annotatedBytes(
  events: readonly InspectedEvent[],
  { width, paint, raw }: { readonly width: number; readonly paint: Paint; readonly raw: boolean },
): string[] {
  const lines = events.slice(0, MAX_UNITS_SHOWN).flatMap((event) => {
    const { number, direction, title, says, bytes, parts, notes } = event;
    const arrow = direction === 'up' ? 'client → server' : 'server → client';
    const size = `${formatCount(bytes)} B`;
    const text = `#${number}  ${arrow}  ${title}${says === '' ? '' : ` ${says}`}`;
    const head = `${cut(text, width - size.length - 2)}, ${size}`;
    let at = 0;
    const left = parts.slice(MAX_PARTS);
    const lines = parts.slice(0, MAX_PARTS).flatMap((part) => {
      const rows = partLines(part, at, width, paint);
      at += part.bytes;
      return rows;
    });
    if (left.length > 0) lines.push(moreLine('parts', left, width));
    const said = notes.flatMap(({ state, text }) => noteLines(state, text, width, paint));
    return [paint('bold', head), ...lines, ...said, ...(raw ? dump(parts, width, paint) : []), ''];
  });
  const left = events.slice(MAX_UNITS_SHOWN);
  return left.length > 0 ? [...lines, moreLine('units', left, width), ''] : lines;
}

/** What is left out, which a peer may have made long. */
function moreLine(what: string, left: readonly { readonly bytes: number }[], width: number): string {
  const bytes = left.reduce((sum, one) => sum + one.bytes, 0);
  const count = formatCount(left.length);
  return cut(`${' '.repeat(MARGIN)}… and ${count} ${what} more, ${formatCount(bytes)} B: --json has them`, width);
}

function partLines(part: InspectedPart, at: number, width: number, paint: Paint): string[] {
  const { bytes, kind, name, value, meaning, hex } = part;
  const position = `${String(at).padStart(7)}${String(bytes).padStart(7)}  `;
  const digits = isSaid(part) ? '' : spacedHex(hex);
  const room = width - MARGIN - (digits === '' ? 0 : digits.length + 2);
  const text = value === '' ? name : `${name}: ${value}`;
  const beside = meaning !== '' && text.length + meaning.length + 2 <= room;
  const [first = '', ...others] = wrapHard(text, room);
  const style = styleOf(kind);
  const padding = ' '.repeat(Math.max(0, room - first.length - (beside ? meaning.length + 2 : 0)));
  const shown = `${paint(style, first)}${beside ? `  ${paint('dim', meaning)}` : ''}`;
  const indent = ' '.repeat(MARGIN);
  return [
    `${paint('dim', position)}${shown}${digits === '' ? '' : `${padding}  ${paint('dim', digits)}`}`,
    ...others.map((line) => `${indent}${paint(style, line)}`),
    ...(meaning === '' || beside ? [] : wrap(meaning, width - MARGIN).map((line) => `${indent}${paint('dim', line)}`)),
  ];
}

const NOTES: Readonly<Record<string, readonly [mark: string, style: Style]>> = {
  right: ['✓', 'green'],
  wrong: ['✗', 'red'],
  fact: ['•', 'plain'],
};

function noteLines(state: string, text: string, width: number, paint: Paint): string[] {
  const [mark, style] = NOTES[state] ?? ['•', 'plain'];
  const [first = '', ...others] = wrapHard(text, width - MARGIN);
  const indent = ' '.repeat(MARGIN);
  return [
    `${' '.repeat(MARGIN - 2)}${paint(style, `${mark} ${first}`)}`,
    ...others.map((line) => `${indent}${paint(style, line)}`),
  ];
}

/** As `wrap`, and a word that is too long for a line is cut. */
function wrapHard(text: string, width: number): string[] {
  return wrap(text, width).flatMap((line) => {
    const pieces: string[] = [];
    for (let at = 0; at < line.length; at += width) pieces.push(line.slice(at, at + width));
    return pieces.length === 0 ? [''] : pieces;
  });
}

/** What stands there already is what the bytes say, so that digits would say it again. */
function isSaid({ name, value, hex }: InspectedPart): boolean {
  const text = Buffer.from(hex.slice(0, 2 * SAID_BYTES), 'hex')
    .toString()
    .trimEnd();
  return text !== '' && (value.startsWith(text) || `${name}: ${value}`.startsWith(text));
}

function spacedHex(hex: string): string {
  const pairs = hex.slice(0, 2 * HEX_BYTES).match(/../g) ?? [];
  const more = hex.length > 2 * HEX_BYTES;
  return (more ? [...pairs.slice(0, HEX_BYTES - 1), '…'] : pairs).join(' ');
}

/** Offset, bytes in hexadecimal digits, each in the colour of its part, and as characters. */
function dump(parts: readonly InspectedPart[], width: number, paint: Paint): string[] {
  const bytes: { digits: string; kind: PartKind }[] = [];
  for (const { hex, kind } of parts) {
    const room = 2 * (DUMP_BYTES - bytes.length);
    if (room <= 0) break;
    for (const digits of hex.slice(0, room).match(/../g) ?? []) bytes.push({ digits, kind });
  }
  const lines: string[] = [''];
  for (let at = 0; at < bytes.length; at += DUMP_ROW_BYTES) {
    const row = bytes.slice(at, at + DUMP_ROW_BYTES);
    const digits = row.map((byte) => paint(styleOf(byte.kind), byte.digits)).join(' ');
    const gap = ' '.repeat(3 * (DUMP_ROW_BYTES - row.length) + 2);
    const characters = row.map((byte) => paint(styleOf(byte.kind), character(byte.digits))).join('');
    lines.push(`    ${paint('dim', at.toString(16).padStart(4, '0'))}  ${digits}${gap}${characters}`);
  }
  const left = parts.reduce((sum, part) => sum + part.bytes, 0) - bytes.length;
  return left > 0 ? [...lines, ...wrap(`    … and ${formatCount(left)} B more`, width)] : lines;
}

function character(digits: string): string {
  const code = Number.parseInt(digits, 16);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '.';
}
