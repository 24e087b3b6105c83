import type { Losses, ReaderStanding } from '../protocol/standing.js';
import type { Subscriber } from '../transports/transport.js';

export function noLosses(): Losses {
  return { dropped: 0, disconnected: 0, gaps: 0 };
}

/** One subscription, as the hub keeps it. */
export interface Reader {
  readonly subscriber: Subscriber;
  readonly channels: ReadonlySet<string>;
  /** Id of the last message delivered or passed over. */
  cursor: number;
  state: 'live' | 'paused' | 'closed';
  /** Reader in the stamps. */
  readonly stampedAs: number;
  /** Messages of its channels beyond the cursor, less those that were dropped for it. Of a live reader 0. */
  behind: number;
  /** Id of the newest message that `behind` takes in. */
  countedId: number;
  /** Ends it, unless it gets room before. */
  timeout: NodeJS.Timeout | undefined;
  /** Of all readers of its kind. */
  readonly losses: Losses;
}

/** How these readers stand; `losses`: of their kind, those of readers that are gone included. */
export function standingOf(readers: Iterable<Reader>, losses: Losses): ReaderStanding {
  let [count, full, waitingBytes, behindMessages] = [0, 0, 0, 0];
  for (const reader of readers) {
    if (reader.losses !== losses) continue;
    count++;
    if (reader.state === 'paused') full++;
    waitingBytes += reader.subscriber.waitingBytes();
    behindMessages += reader.behind;
  }
  return { readers: count, full, waitingBytes, behindMessages, ...losses };
}
