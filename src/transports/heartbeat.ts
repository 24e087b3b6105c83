import { LATENESS_SHARE } from './silence-watch.js';
import type { HeartbeatPromise } from './transport.js';

/** Of a connection on which nothing crosses while there is nothing to say. */
export const NO_HEARTBEAT: HeartbeatPromise = {
  means: null,
  everyMs: null,
  clientNoticesMs: null,
  serverNoticesMs: null,
};

/** Heartbeats in a row that a client lets be missing: one may be late. */
export const PATIENCE = 2;

/** Within how many ms a client notices that heartbeats, one every `everyMs`, no longer come. */
export function noticedWithinMs(everyMs: number): number {
  return PATIENCE * everyMs * (1 + LATENESS_SHARE);
}
