import type { InspectedConnection, InspectedEvent, Inspection } from '../report/inspection/inspection.js';
import { formatCount } from '../units.js';
import type { Paint } from './ansi.js';
import { mainKind, styleOf } from './inspect-kinds.js';

/** Time and number before the left line. */
const TIME_WIDTH = 10;
const NUMBER_WIDTH = 5;
/** A pause of at least so long is drawn, ms. */
const PAUSE_MS = 50;
/** Most units that are shown. */
export const MAX_UNITS_SHOWN = 300;

type Row = { readonly atUs: number; readonly event: InspectedEvent } | { readonly atUs: number; readonly text: string };

/** The exchange as arrows between two lines, as the guide draws it, with times and bytes. */
export function drawing({ connections, events }: Inspection, width: number, paint: Paint): string[] {
  const inner = width - TIME_WIDTH - NUMBER_WIDTH - 4;
  const several = connections.length > 1;
  const rows = rowsOf(connections, events.slice(0, MAX_UNITS_SHOWN), several);
  const margin = ' '.repeat(TIME_WIDTH + NUMBER_WIDTH + 1);
  const head = `${margin}${'Client'.padEnd(inner - 4)}Server`;
  const lines = [paint('bold', head)];
  let lastUs = rows[0]?.atUs ?? 0;
  for (const row of rows) {
    const pauseMs = (row.atUs - lastUs) / 1_000;
    if (pauseMs >= PAUSE_MS) lines.push(`${margin}│${paint('dim', centre(`… ${spellMs(pauseMs)} …`, inner))}│`);
    lastUs = row.atUs;
    lines.push('event' in row ? eventLine(row.event, inner, several, paint) : noteLine(row, inner, paint));
  }
  const left = events.length - MAX_UNITS_SHOWN;
  if (left > 0) lines.push(`${margin}│${centre(`… and ${formatCount(left)} units more …`, inner)}│`);
  return lines;
}

function rowsOf(
  connections: readonly InspectedConnection[],
  events: readonly InspectedEvent[],
  several: boolean,
): readonly Row[] {
  const name = (number: number) => (several ? `TCP connection ${number}` : 'TCP connection');
  const around = connections.flatMap(({ number, openedUs, ended }) => [
    { atUs: openedUs, text: `${name(number)} opens`, order: 0 },
    ...(ended
      ? [
          {
            atUs: ended.atUs,
            text: `${name(number)} ${ended.how === 'end' ? 'closed' : 'cut'} by the ${ended.by}`,
            order: 2,
          },
        ]
      : []),
  ]);
  return [...around, ...events.map((event) => ({ atUs: event.atUs, event, order: 1 }))].sort(
    (a, b) => a.atUs - b.atUs || a.order - b.order,
  );
}

function eventLine(event: InspectedEvent, inner: number, several: boolean, paint: Paint): string {
  const { atUs, number, connection, direction, title, says, bytes, parts, notes } = event;
  const size = `${formatCount(bytes)} B`;
  const text = `${several ? `(${connection}) ` : ''}${title}${says === '' ? '' : ` ${says}`}`;
  // Two signs at each end, and spaces around what stands between them.
  const room = inner - size.length - 9;
  const label = cut(text, room);
  const shaft = '─'.repeat(room - label.length + 1);
  const painted = paint(styleOf(mainKind(parts)), label);
  const arrow = direction === 'up' ? `── ${painted} ${shaft} ${size} ─►` : `◄─ ${painted} ${shaft} ${size} ──`;
  const wrong = notes.some(({ state }) => state === 'wrong') ? paint('red', '!') : '';
  return `${paint('dim', time(atUs))}${`#${number}`.padStart(NUMBER_WIDTH)} │${arrow}│${wrong}`;
}

function noteLine(
  { atUs, text }: { readonly atUs: number; readonly text: string },
  inner: number,
  paint: Paint,
): string {
  return `${paint('dim', time(atUs))}${' '.repeat(NUMBER_WIDTH)} │${paint('dim', centre(text, inner))}│`;
}

function time(atUs: number): string {
  return `${(atUs / 1_000).toFixed(1)} ms`.padStart(TIME_WIDTH);
}

function spellMs(ms: number): string {
  return ms >= 1_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms)} ms`;
}

function centre(text: string, width: number): string {
  const shown = cut(text, width);
  const left = Math.floor((width - shown.length) / 2);
  return `${' '.repeat(left)}${shown}`.padEnd(width);
}

export function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text;
}
