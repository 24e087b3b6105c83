import type { BytePart } from '../metrics/byte-ledger.js';
import type { Settings } from './transport.js';

/**
 * Reads what went over the connections of a technique, byte by byte, for people. It is written from the protocol's
 * definition and without the library that spoke it: what both say alike has been said twice.
 */
export interface Inspector {
  /**
   * The units of one connection, each direction's in its order. Pure, and total: it never throws whatever the bytes are,
   * and the parts of its units cover each byte of both directions once.
   */
  decode(streams: Streams, settings: Settings): readonly Unit[];
  /** Exchanges to record in place of the usual one, by name; absent: there is the usual one only. */
  readonly patterns?: Readonly<Record<string, Pattern>>;
}

/** Everything that went over one connection, from its first byte. */
export type Streams = Readonly<Record<Direction, Buffer>>;

/** `up`: from the client to the server. */
export type Direction = 'up' | 'down';

/** What a protocol sends as one: the head of a request, a chunk, a frame. */
export interface Unit {
  readonly direction: Direction;
  /** Of its first byte among all of its direction, from 0. */
  readonly offset: number;
  /** As the protocol calls it. */
  readonly title: string;
  /** What it says, in short, for people; may be empty. */
  readonly says: string;
  /** In the order of their bytes, without a gap. */
  readonly parts: readonly Part[];
  readonly notes: readonly Note[];
}

/** Some bytes with one meaning. */
export interface Part {
  readonly bytes: number;
  /** What they are for, as the ledger has it; `unread`: the decoder does not know. */
  readonly kind: PartKind;
  readonly name: string;
  readonly value: string;
  /** How many of the bytes are there only to have others stand where they stand; these count as framing. Absent: none. */
  readonly escapeBytes?: number;
  /** Why it is there; may be empty. */
  readonly meaning: string;
}

export type PartKind = BytePart | 'unread';

/** What was checked (`right`, `wrong`), or what is worth knowing (`fact`). */
export interface Note {
  readonly state: 'right' | 'wrong' | 'fact';
  readonly text: string;
}

/** An exchange of a technique's own, by the library a user would take. */
export interface Pattern {
  /** One line for help and for the document. */
  readonly summary: string;
  /** Rejects where the exchange does not come about. It leaves no connection open. */
  run(visit: PatternVisit): Promise<void>;
}

export interface PatternVisit {
  /** Base URL of what records. */
  readonly url: string;
  /** Channel to ask for, and to publish to. */
  readonly channel: string;
  /** What a client says, one message each. */
  readonly bodies: readonly Buffer[];
  /** Id before the first of the messages that the server has to say; `null`: not known. */
  readonly since: number | null;
  /** Has the server publish what it has to say, and resolves to how many messages those are. */
  readonly publish: () => number;
  readonly signal: AbortSignal;
}
