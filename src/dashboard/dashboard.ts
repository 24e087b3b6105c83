import type { SuiteEvent } from '../suite/events.js';

/** Watches a suite and shows it. */
export interface Dashboard {
  /** Takes the suite's next event; cheap, never throws, shows nothing after `close`. */
  onEvent(event: SuiteEvent): void;
  /** Stops showing. A live view takes itself off the screen; resolves when the stream has taken everything. */
  close(): Promise<void>;
}
