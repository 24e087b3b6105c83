/**
 * The connections over which clients poll, and which of them have yet to get their last answer while the server drains.
 * `Peer`: what stands for a connection.
 */
export class LastPolls<Peer> {
  readonly #peers = new Set<Peer>();
  #onDrained: (() => void) | undefined;

  /** Whether the next answer over a connection is to be its last. */
  get draining(): boolean {
    return this.#onDrained !== undefined;
  }

  /** A poll has come. True at the first of a connection, whose end must then be told by `delete`. */
  add(peer: Peer): boolean {
    if (this.#peers.has(peer)) return false;
    this.#peers.add(peer);
    return true;
  }

  /** The connection had its last answer, or is closed. */
  delete(peer: Peer): void {
    this.#peers.delete(peer);
    if (this.#peers.size === 0) this.#onDrained?.();
  }

  /** Resolves when every connection had its last answer. */
  drain(): Promise<void> {
    return new Promise((resolve) => {
      this.#onDrained = resolve;
      if (this.#peers.size === 0) resolve();
    });
  }
}
