import { expect } from 'vitest';
import type { Direction, Streams, Unit } from '../transports/inspection.js';

/** Throws where the parts of units do not cover each byte of both directions once, in order. */
export function expectCovered(streams: Streams, units: readonly Unit[]): void {
  for (const direction of ['up', 'down'] as const) {
    let at = 0;
    for (const unit of units) {
      if (unit.direction !== direction) continue;
      if (unit.offset !== at) expect.fail(`${direction}: ${unit.title} is at ${unit.offset}, and should be at ${at}`);
      for (const part of unit.parts) {
        if (!(part.bytes > 0)) expect.fail(`${direction}: ${unit.title}, ${part.name} has ${part.bytes} B`);
        at += part.bytes;
      }
    }
    expect(at, direction).toBe(streams[direction].length);
  }
}

/** Throws where a unit that is said to be right says another length than it has: frames of WebSocket and HTTP/2, chunks. */
export function expectLengths(units: readonly Unit[]): void {
  for (const { title, parts, notes } of units) {
    if (notes.some(({ state }) => state === 'wrong')) continue;
    const declared = declaredBytes(parts);
    if (declared === undefined) continue;
    const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
    if (bytes !== declared) expect.fail(`${title} has ${bytes} B, and says that it has ${declared} B`);
  }
}

/** Length of a unit by what its head says; `undefined`: it says none. */
function declaredBytes(parts: Unit['parts']): number | undefined {
  const [first] = parts;
  const value = (name: RegExp) => parts.find((part) => name.test(part.name))?.value;
  if (first?.name === 'length') return 9 + Number(first.value);
  if (first?.name === 'chunk size') {
    const size = Number.parseInt(first.value, 16);
    return size === 0 ? undefined : first.bytes + size + 2;
  }
  const second = /^MASK=(\d) length=(\d+)$/.exec(value(/^MASK/) ?? '');
  if (!second) return undefined;
  const [masked, short] = [Number(second[1]), Number(second[2])];
  const headBytes = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0) + 4 * masked;
  return headBytes + Number(short < 126 ? short : value(/^length, /));
}

/** What is wrong with them, each with the unit's title. */
export function wrongsOf(units: readonly Unit[]): string[] {
  return units.flatMap(({ title, notes, parts }) => [
    ...notes.filter(({ state }) => state === 'wrong').map(({ text }) => `${title}: ${text}`),
    ...parts.filter(({ kind }) => kind === 'unread').map(({ name }) => `${title}: ${name} unread`),
  ]);
}

export function titlesOf(units: readonly Unit[], direction: Direction): string[] {
  return units.filter((unit) => unit.direction === direction).map(({ title }) => title);
}

/** Bytes by what they are for. */
export function sumsOf(units: readonly Unit[], direction: Direction): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const unit of units) {
    if (unit.direction !== direction) continue;
    for (const { kind, bytes, escapeBytes = 0 } of unit.parts) {
      sums[kind] = (sums[kind] ?? 0) + bytes - escapeBytes;
      if (escapeBytes > 0) sums.framing = (sums.framing ?? 0) + escapeBytes;
    }
  }
  return sums;
}
