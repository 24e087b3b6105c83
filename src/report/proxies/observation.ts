/** How a passage is watched. */
export interface PassageTiming {
  readonly messages: number;
  /** Time between two messages, ms. */
  readonly intervalMs: number;
  /** Beyond what the transport itself waits, ms: a message that takes longer is late. */
  readonly promptMs: number;
  /** After all have arrived, nothing is said for so long, and then one more; 0: no such silence. */
  readonly silenceMs: number;
}

/** What one client saw through what stands between it and the server. Times are ms since it began to connect. */
export interface Observation {
  /** `null`: it never was connected. */
  readonly connectMs: number | null;
  /** Of each message, the first published as the client began. */
  readonly publishedMs: readonly number[];
  /** `null`: it did not arrive. */
  readonly arrivedMs: readonly (number | null)[];
  /** Published in total when the first message came that had not come in time; `null`: it was not so. */
  readonly heldBackBytes: number | null;
  /** `null`: there was no silence. */
  readonly survivedSilence: boolean | null;
  readonly failure: { readonly phase: 'connect' | 'drop'; readonly atMs: number; readonly message: string } | null;
}
