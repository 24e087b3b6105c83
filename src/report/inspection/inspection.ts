import type { BytePart } from '../../metrics/byte-ledger.js';
import type { Direction, Note, Part, PartKind } from '../../transports/inspection.js';
import type { Settings } from '../../transports/transport.js';

/** What `rtbench inspect` found: one short exchange, byte for byte. Sizes are TCP payload in bytes. */
export interface Inspection {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: string; readonly version: string };
  /** ISO 8601. */
  readonly startedAt: string;
  readonly command: string;
  readonly transport: string;
  readonly label: string;
  readonly settings: Settings;
  /** Of the exchange, where it was not the usual one. */
  readonly pattern: { readonly name: string; readonly summary: string } | null;
  /** Of a server that ran elsewhere; `null`: the reference server. */
  readonly url: string | null;
  readonly connections: readonly InspectedConnection[];
  /** In the order of time. */
  readonly events: readonly InspectedEvent[];
  /** By what they are for, over all connections. */
  readonly sums: Readonly<Record<Direction, KindBytes>>;
  readonly count: ByteCount;
}

export type KindBytes = Readonly<Record<PartKind, number>>;

export interface InspectedConnection {
  /** From 1. */
  readonly number: number;
  readonly openedUs: number;
  /** What the client connected from, and what the server listens on. */
  readonly ports: { readonly client: number; readonly server: number };
  readonly bytes: Readonly<Record<Direction, number>>;
  /** The side that ended it first, and how; `null`: nobody had when the recording ended. */
  readonly ended: { readonly by: 'client' | 'server'; readonly how: 'end' | 'cut'; readonly atUs: number } | null;
}

/** A unit of the protocol on its way. */
export interface InspectedEvent {
  /** From 1. */
  readonly number: number;
  /** When its first byte went by, µs since the first connection opened. */
  readonly atUs: number;
  /** Number of its connection. */
  readonly connection: number;
  readonly direction: Direction;
  /** Of its first byte among those of its connection and direction. */
  readonly offset: number;
  readonly bytes: number;
  readonly title: string;
  readonly says: string;
  readonly parts: readonly InspectedPart[];
  readonly notes: readonly Note[];
}

export interface InspectedPart extends Part {
  /** The bytes themselves, in hexadecimal digits. */
  readonly hex: string;
}

/** The same bytes, counted three times. */
export interface ByteCount {
  readonly parts: Readonly<Record<Direction, number>>;
  readonly recorded: Readonly<Record<Direction, number>>;
  /** By the sockets of the reference server; `null`: it was another server. */
  readonly server: Readonly<Record<Direction, number>> | null;
  /** The reference server's ledger by part; `null` where it was another server. */
  readonly ledger: Readonly<Record<Direction, Readonly<Record<BytePart, number>>>> | null;
  /** Parts that the server cannot count one by one, because a library writes them. */
  readonly uncounted: Readonly<Record<Direction, readonly BytePart[]>>;
  /** What does not agree, and why the record is not whole; empty: everything is as it should be. */
  readonly problems: readonly string[];
}
