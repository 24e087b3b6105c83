import { expect } from 'vitest';
import type { Direction, Streams, Unit } from '../transports/inspection.js';

/** Throws where the parts of units do not cover each byte of both directions once, in order. */
export function expectCovered(streams: Streams, units: readonly Unit[]): void {
  for (const direction of ['up', 'down'] as const) {
    let at = 0;
    for (const unit of units) {
      if (unit.direction !== direction) continue;
      expect(unit.offset, `${direction}: ${unit.title}`).toBe(at);
      for (const part of unit.parts) {
        expect(part.bytes, `${direction}: ${unit.title}, ${part.name}`).toBeGreaterThan(0);
        at += part.bytes;
      }
    }
    expect(at, direction).toBe(streams[direction].length);
  }
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
