import { BYTE_PARTS, type BytePart, type LedgerSample, type UncountedParts } from '../../metrics/byte-ledger.js';
import type { Direction, Part, PartKind, Unit } from '../../transports/inspection.js';
import type { Traffic } from '../../transports/theory.js';
import type { ByteCount, InspectedConnection, InspectedEvent, InspectedPart, Inspection } from './inspection.js';

const DIRECTIONS = ['up', 'down'] as const;

/** One connection as it was recorded, and as it was read. */
export interface ReadConnection {
  readonly openedUs: number;
  readonly ports: InspectedConnection['ports'];
  readonly chunks: readonly { readonly direction: Direction; readonly atUs: number; readonly bytes: Buffer }[];
  readonly ends: readonly { readonly direction: Direction; readonly atUs: number; readonly how: 'end' | 'cut' }[];
  readonly units: readonly Unit[];
}

export interface InspectionParts
  extends Pick<Inspection, 'tool' | 'startedAt' | 'command' | 'transport' | 'label' | 'settings' | 'pattern' | 'url'> {
  readonly connections: readonly ReadConnection[];
  readonly server: {
    readonly bytes: Traffic;
    readonly ledger: LedgerSample;
    readonly uncounted: UncountedParts;
  } | null;
  /** Why the record is not whole. */
  readonly problem: string | null;
}

/** The document of a recorded exchange. Pure. */
export function buildInspection({ connections: read, server, problem, ...known }: InspectionParts): Inspection {
  const connections = sinceFirst(read);
  const events = connections
    .flatMap((connection, index) => eventsOf(connection, index + 1))
    .sort((a, b) => a.atUs - b.atUs || a.order - b.order)
    .map(({ order: _, ...event }, index) => ({ ...event, number: index + 1 }));
  const inspected = connections.map(connectionOf);
  const sums = { up: sumOf(events, 'up'), down: sumOf(events, 'down') };
  return {
    schemaVersion: 1,
    ...known,
    connections: inspected,
    events,
    sums,
    count: countOf({ events, inspected, server, sums, problem }),
  };
}

/** With times from when the first of them was opened. */
function sinceFirst(connections: readonly ReadConnection[]): readonly ReadConnection[] {
  const startUs = connections[0]?.openedUs ?? 0;
  const later = <T extends { readonly atUs: number }>(one: T): T => ({ ...one, atUs: one.atUs - startUs });
  return connections.map(({ openedUs, chunks, ends, ...rest }) => ({
    ...rest,
    openedUs: openedUs - startUs,
    chunks: chunks.map(later),
    ends: ends.map(later),
  }));
}

function connectionOf({ openedUs, ports, chunks, ends }: ReadConnection, index: number): InspectedConnection {
  const [first] = ends;
  const bytes = (direction: Direction) =>
    chunks.reduce((sum, chunk) => sum + (chunk.direction === direction ? chunk.bytes.length : 0), 0);
  return {
    number: index + 1,
    openedUs,
    ports,
    bytes: { up: bytes('up'), down: bytes('down') },
    ended: first ? { by: first.direction === 'up' ? 'client' : 'server', how: first.how, atUs: first.atUs } : null,
  };
}

type OrderedEvent = InspectedEvent & { readonly order: number };

/** `order`: of the chunk in which it began, which decides where times are the same. */
function eventsOf({ chunks, units }: ReadConnection, connection: number): OrderedEvent[] {
  return DIRECTIONS.flatMap((direction) => {
    const own = chunks.flatMap((chunk, order) => (chunk.direction === direction ? [{ ...chunk, order }] : []));
    const bytes = Buffer.concat(own.map((chunk) => chunk.bytes));
    let index = 0;
    let end = own[0]?.bytes.length ?? 0;
    return units
      .filter((unit) => unit.direction === direction)
      .map((unit) => {
        while (end <= unit.offset && index + 1 < own.length) end += own[++index]?.bytes.length ?? 0;
        const { atUs = 0, order = 0 } = own[index] ?? {};
        const { parts, ...rest } = unit;
        const size = parts.reduce((sum, part) => sum + part.bytes, 0);
        return { ...rest, number: 0, atUs, order, connection, bytes: size, parts: withBytes(unit, bytes) };
      });
  });
}

function withBytes({ offset, parts }: Unit, bytes: Buffer): InspectedPart[] {
  let at = offset;
  return parts.map((part) => {
    const hex = bytes.toString('hex', at, at + part.bytes);
    at += part.bytes;
    return { ...part, hex };
  });
}

function sumOf(events: readonly InspectedEvent[], direction: Direction): Record<PartKind, number> {
  const sums = Object.fromEntries([...BYTE_PARTS, 'unread' as const].map((kind) => [kind, 0])) as Record<
    PartKind,
    number
  >;
  for (const event of events) {
    if (event.direction === direction) for (const part of event.parts) addPart(sums, part);
  }
  return sums;
}

function addPart(sums: Record<PartKind, number>, { kind, bytes, escapeBytes = 0 }: Part): void {
  sums[kind] += bytes - escapeBytes;
  sums.framing += escapeBytes;
}

interface Counted {
  readonly events: readonly InspectedEvent[];
  readonly inspected: readonly InspectedConnection[];
  readonly server: InspectionParts['server'];
  readonly sums: Inspection['sums'];
  readonly problem: string | null;
}

function countOf({ events, inspected, server, sums, problem }: Counted): ByteCount {
  const both = (count: (direction: Direction) => number) => ({ up: count('up'), down: count('down') });
  const parts = both((way) => events.reduce((sum, event) => sum + (event.direction === way ? event.bytes : 0), 0));
  const recorded = both((way) => inspected.reduce((sum, { bytes }) => sum + bytes[way], 0));
  const problems = DIRECTIONS.flatMap((way) => [
    ...differs(`${way}: the parts`, parts[way], 'the record', recorded[way]),
    ...(server ? differs(`${way}: the record`, recorded[way], "the server's sockets", server.bytes[way]) : []),
    ...(server ? ledgerProblems(way, sums[way], server) : []),
  ]);
  return {
    parts,
    recorded,
    server: server?.bytes ?? null,
    ledger: server && { up: server.ledger.up, down: server.ledger.down },
    uncounted: server?.uncounted ?? { up: [], down: [] },
    problems: problem === null ? problems : [problem, ...problems],
  };
}

function differs(what: string, bytes: number, other: string, otherBytes: number): string[] {
  return bytes === otherBytes ? [] : [`${what} make ${bytes} B, ${other} ${otherBytes} B`];
}

/** A ledger that knows every byte must know each part as it was read; where a library keeps some to itself, the payload. */
function ledgerProblems(
  way: Direction,
  sums: Readonly<Record<PartKind, number>>,
  { ledger, uncounted }: NonNullable<InspectionParts['server']>,
): string[] {
  const told = uncounted[way].includes('payload') ? [] : (['payload'] as const);
  const known: readonly BytePart[] = uncounted[way].length === 0 ? BYTE_PARTS : told;
  return known.flatMap((part) => differs(`${way}: ${part}`, sums[part], 'in the ledger', ledger[way][part]));
}
