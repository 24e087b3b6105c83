import type { Payload, Settings } from '../../transports/transport.js';

/** Everything that crosses between this process and a page: plain JSON, over a socket of the page's own. */

export type ToPage =
  | { type: 'clock' }
  | {
      type: 'open';
      url: string;
      clientId: number;
      channels: readonly string[];
      since: number | null;
      settings: Settings;
      payload: Payload;
      phase: number;
    }
  | { type: 'close' };

export type FromPage =
  | { type: 'ready'; isolated: boolean; resolutionUs: number }
  | { type: 'clock'; nowUs: number }
  | { type: 'opened'; tookUs: number }
  | { type: 'messages'; messages: readonly PageArrival[] }
  | { type: 'gap'; oldestId: number }
  | { type: 'dropped'; reason: string }
  | { type: 'closed' };

/** What a page tells of a message: when its callback came, in µs of the page's clock, and the body's size and start. */
export type PageArrival = readonly [atUs: number, id: number | null, bytes: number, head: string];

/** What the page's program is started with. */
export interface PageSetup {
  /** Where to report, `ws://…`. */
  readonly reportTo: string;
  /** Bytes of a body's start to report. */
  readonly headBytes: number;
  /** How long to gather arrivals before they are reported, ms: reporting takes time that deliveries would have. */
  readonly gatherMs: number;
}
