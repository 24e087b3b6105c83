import { handshakes, pushRoundTrips } from '../round-trips.js';
import type { Theory } from '../theory.js';

const LENGTH_BYTES = 4;
const ID_BYTES = 6;

/** A length before everything, and an id before what goes down; see wire.ts. */
export const theory: Theory = {
  brisk: () => ({}),
  heartbeat: null,
  predict: ({ channel }) => ({
    opening: {
      up: LENGTH_BYTES + `{"channels":["${channel}"],"since":null}`.length,
      down: LENGTH_BYTES + ID_BYTES,
    },
    message: (bodyBytes) => ({ up: 0, down: LENGTH_BYTES + ID_BYTES + bodyBytes }),
    publish: (bodyBytes) => ({ up: LENGTH_BYTES + bodyBytes, down: 0 }),
    emptyPoll: null,
    heartbeat: null,
    flowControl: null,
  }),
  // What the client wants, and the server's answer that it has it.
  roundTrips: ({ tls }) => pushRoundTrips(handshakes(tls) + 1, 0),
};
