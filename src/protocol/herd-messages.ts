import type { Credentials } from '../transports/credentials.js';
import type { ClockReading, TransportRef } from './messages.js';

/** What a herd's process is told. Times as everywhere: µs since an epoch that all processes share. */
export type ToHerd =
  | {
      type: 'prepare';
      epochNs: string;
      transport: TransportRef;
      urls: readonly string[];
      /** Indices of this process's clients. */
      clients: readonly number[];
      /** How each waits, as `parseReconnectPolicy` reads it. */
      policy: string;
      scale: number;
      seed: number;
      /** What each shows whenever it connects; `null`: nothing. */
      credentials: Credentials | null;
    }
  /** Connect every client. */
  | { type: 'connect' }
  /** Tell what has happened so far. */
  | { type: 'collect' }
  | { type: 'close' }
  | { type: 'stop' };

export type FromHerd =
  | { type: 'hello' }
  | { type: 'ready'; clock: ClockReading }
  | { type: 'connected'; count: number }
  /** Sent again and again while clients are away; `back`: those that are connected again. */
  | { type: 'progress'; lost: number; back: number }
  /** Each client has lost its connection and is connected again. */
  | { type: 'whole' }
  | { type: 'tally'; tally: HerdTally }
  | { type: 'closed' }
  | { type: 'failed'; reason: string };

/** What the clients of one process saw of an outage; a client's place is its place in `clients`. */
export interface HerdTally {
  /** When each noticed its loss first; null: it did not. */
  readonly lostUs: readonly (number | null)[];
  /** When each was connected again; null: it is not. */
  readonly backUs: readonly (number | null)[];
  /** Of its last attempt, call of `connect` → connected, µs; null as `backUs`. */
  readonly connectUs: readonly (number | null)[];
  /** Attempts that began in each bin of `ATTEMPT_BIN_MS` since the epoch: bin → attempts. */
  readonly attempts: Readonly<Record<string, number>>;
  /** Attempts that ended without a connection. */
  readonly refused: number;
  /** Connections lost again after the clients had come back. */
  readonly lostAgain: number;
  /** Some of the errors of failed attempts, each once. */
  readonly errors: readonly string[];
}

/** Width in ms of the bins in which attempts are counted: a policy without a wait makes too many to list. */
export const ATTEMPT_BIN_MS = 10;
