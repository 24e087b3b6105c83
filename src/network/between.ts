import type { Endpoint } from '../protocol/messages.js';

/** What stands between clients and server: it is started with the server's addresses. */
export interface Between {
  /** For each address of the server, in their order: where clients connect instead. */
  readonly addresses: readonly Endpoint[];
  /** Ends it and every connection through it. Idempotent. */
  stop(): Promise<void>;
}
