import { type ReconnectPolicy, waitMs } from '../scenario/reconnect-policy.js';

export interface ReconnectorOptions {
  readonly policy: ReconnectPolicy;
  /** Uniform in [0, 1); a stream that clients share makes the waits depend on the order of their losses. */
  readonly random: () => number;
  /** One attempt. It bounds its own time, and rejects soon after what made `stop` be called. */
  readonly connect: (attempt: number) => Promise<void>;
  /** An attempt begins; from 1 in each outage. */
  readonly onAttempt?: (attempt: number) => void;
  readonly onFailed?: (error: unknown, attempt: number) => void;
  readonly onConnected?: (attempt: number) => void;
}

/** One client's way back: lost, wait as the policy says, try; again until connected or stopped. */
export class Reconnector {
  readonly #options: ReconnectorOptions;
  #timer: NodeJS.Timeout | undefined;
  #attempt = 0;
  #state: 'connected' | 'away' | 'stopped' = 'connected';
  #lostMeanwhile = false;

  constructor(options: ReconnectorOptions) {
    this.#options = options;
  }

  /** The connection is gone. While an attempt is under way, its connection is meant. */
  lost(): void {
    if (this.#state === 'stopped') return;
    if (this.#state === 'away') {
      this.#lostMeanwhile = true;
      return;
    }
    this.#state = 'away';
    this.#attempt = 0;
    this.#wait();
  }

  /** No attempt begins after this. One under way is its caller's to abort; nothing is called back for it. */
  stop(): void {
    this.#state = 'stopped';
    clearTimeout(this.#timer);
  }

  #wait(): void {
    const attempt = ++this.#attempt;
    const { policy, random } = this.#options;
    this.#timer = setTimeout(() => void this.#try(attempt), waitMs(policy, attempt, random));
  }

  async #try(attempt: number): Promise<void> {
    const { connect, onAttempt, onFailed, onConnected } = this.#options;
    this.#lostMeanwhile = false;
    onAttempt?.(attempt);
    try {
      await connect(attempt);
    } catch (error) {
      if (this.#isStopped()) return;
      onFailed?.(error, attempt);
      this.#wait();
      return;
    }
    if (this.#isStopped()) return;
    this.#state = 'connected';
    onConnected?.(attempt);
    // The connection can go between its opening and this continuation.
    if (this.#lostMeanwhile) this.lost();
  }

  #isStopped(): boolean {
    return this.#state === 'stopped';
  }
}
