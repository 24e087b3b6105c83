/**
 * What bytes of a technique are for.
 *
 * - `payload`: bodies as they were published.
 * - `framing`: what surrounds a body within its own message: frame headers, `data:` and `id:`, chunk sizes, base64 and
 *   JSON around it; records of TLS.
 * - `headers`: requests and answers around messages, and whatever opens a connection: request and status lines, fields.
 * - `emptyPolls`: whole requests and answers of polls that brought no message.
 * - `heartbeats`: pings and their answers (those of HTTP/2 that a setting asks for too), comments that keep a
 *   connection alive.
 * - `flowControl`: frames of a protocol that move neither messages nor requests: WINDOW_UPDATE, SETTINGS, PING,
 *   RST_STREAM and GOAWAY of HTTP/2, close frames of WebSocket.
 */
export const BYTE_PARTS = ['payload', 'framing', 'headers', 'emptyPolls', 'heartbeats', 'flowControl'] as const;

export type BytePart = (typeof BYTE_PARTS)[number];

/** Bytes of one direction by part. */
export type PartBytes = Record<BytePart, number>;

/** The parts of each direction that a server half cannot count one by one; see `Mounted.uncounted`. */
export interface UncountedParts {
  readonly up: readonly BytePart[];
  readonly down: readonly BytePart[];
}

/** A ledger at an instant. */
export interface LedgerSample {
  readonly up: Readonly<PartBytes>;
  readonly down: Readonly<PartBytes>;
  readonly uplink: { readonly up: number; readonly down: number };
}

/**
 * What a server half tells of the bytes it reads and writes. To tell is to add: whoever reads or writes some bytes adds
 * them to the part they belong to, `ledger.down.payload += body.length`.
 */
export class ByteLedger {
  /** From clients to the server. */
  readonly up: PartBytes = noBytes();
  /** From the server to clients. */
  readonly down: PartBytes = noBytes();
  /** Of all these, the bytes of messages that clients publish, and of the answers to them. */
  readonly uplink = { up: 0, down: 0 };
  /** Answers to polls, and the messages in them. */
  readonly answers = { total: 0, empty: 0, messages: 0 };
  #generation = 0;

  /** Grows with each `restart`: what was counted in another one can no longer be moved from part to part. */
  get generation(): number {
    return this.#generation;
  }

  /** An answer to a poll, with this number of messages; 0: an empty one. */
  answered(messages: number): void {
    this.answers.total++;
    this.answers.messages += messages;
    if (messages === 0) this.answers.empty++;
  }

  /** Begins to count bytes anew; answers go on. */
  restart(): void {
    this.#generation++;
    Object.assign(this.up, noBytes());
    Object.assign(this.down, noBytes());
    Object.assign(this.uplink, { up: 0, down: 0 });
  }

  sample(): LedgerSample {
    return { up: { ...this.up }, down: { ...this.down }, uplink: { ...this.uplink } };
  }
}

export function noBytes(): PartBytes {
  return { payload: 0, framing: 0, headers: 0, emptyPolls: 0, heartbeats: 0, flowControl: 0 };
}
