/** What readers of one kind did not get, or how they were ended, since the hub began. */
export interface Losses {
  /** Messages that `drop-oldest` passed over, once for each reader that it was passed over for. */
  dropped: number;
  /** Readers that `disconnect` ended. */
  disconnected: number;
  /** Readers that fell out of the history. */
  gaps: number;
}

/** How the subscribers of one kind stand. */
export interface ReaderStanding extends Readonly<Losses> {
  readonly readers: number;
  /** Of these, how many are full. */
  readonly full: number;
  /** Bytes that wait in the server's process to be written to them. */
  readonly waitingBytes: number;
  /** Messages that the hub holds back for them, a message once for each of them. */
  readonly behindMessages: number;
}

/** Those that are meant to be slow, and the others. */
export interface Standing {
  readonly slow: ReaderStanding;
  readonly others: ReaderStanding;
}

/** The server's memory at one instant of the window, and what its readers have to do with it. */
export interface PressureSample extends Standing {
  readonly atUs: number;
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
  /** Outside of the heap: buffers, and what the runtime holds besides. */
  readonly externalBytes: number;
}

/** What the server knows of slow readers. */
export interface SlowReaderSample {
  readonly standing: Standing;
  /** Written so far into the sockets of those that are connected: the kernel has it, or they. */
  readonly writtenBytes: number;
  /** Over the window so far. */
  readonly pressure: readonly PressureSample[];
}
