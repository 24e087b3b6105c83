import { stripVTControlCharacters } from 'node:util';
import { latencyMs } from '../report/wording.js';
import { formatDurationMs } from '../units.js';

/** A latency in ms as the report writes it; `–` where there is none. */
export function latencyCell(us: number | null): string {
  return us === null ? '–' : latencyMs(us);
}

/** The same with its unit, for running text. */
export function latencyText(us: number | null): string {
  return us === null ? '–' : `${latencyMs(us)} ms`;
}

/** An estimate, no finer than it deserves: whole seconds, above 20 s in steps of 5. */
export function aboutMs(ms: number): string {
  const stepMs = ms > 20_000 ? 5_000 : 1_000;
  return `about ${formatDurationMs(Math.max(1_000, Math.round(ms / stepMs) * stepMs))}`;
}

/** The same where it may be over sooner. */
export function atMostMs(ms: number): string {
  return aboutMs(ms).replace('about', 'at most');
}

/** A number that may turn out to be less. */
export function upTo(count: number, open: boolean): string {
  return open ? `≤${count}` : String(count);
}

/** `0:34`, `12:05`, `1:02:03`. */
export function clock(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const padded = String(s).padStart(2, '0');
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${padded}` : `${m}:${padded}`;
}

/** Somebody else's words on one line of ours: a child process's last lines may hold anything. */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}
