import type { ServerLimits } from '../transports/transport.js';

/** Bounds of the reference server; a peer cannot make it hold more than these. */
export const SERVER_LIMITS: ServerLimits = {
  maxBodyBytes: 16 * 1024 * 1024,
  maxBufferedBytes: 1024 * 1024,
  maxAnswerMessages: 1_000,
  maxAnswerBytes: 1024 * 1024,
};

/** Ids have this many digits wherever bytes are counted, so that sizes do not drift with them. */
export const FIRST_ID = 10_000_001;
