import { dataBytes, PING, windowUpdates } from '../http/http2-theory.js';
import { handshakes, pollRoundTrips, pushRoundTrips } from '../round-trips.js';
import type { Theory } from '../theory.js';

/** gRPC over HTTP/2: a flag and a length of 4 bytes before each message. */
const PREFIX_BYTES = 5;

/** Streams only. What goes with a unary call, and the opening, are headers compressed by HPACK, without a formula. */
export const theory: Theory = {
  brisk: ({ mode }) => (mode === 'unary' ? { intervalMs: 25 } : {}),
  heartbeat: { pingMs: 50 },
  predict({ settings, id }) {
    const streams = settings.mode !== 'unary';
    // Field 5 is the id. Field 2 or 4 is the body, left out where it is empty.
    const idBytes = 1 + varintBytes(id);
    const bodyField = (bytes: number) => (bytes === 0 ? 0 : 1 + varintBytes(bytes) + bytes);
    return {
      opening: null,
      message: (bytes) => (streams ? { up: 0, down: dataBytes(PREFIX_BYTES + bodyField(bytes) + idBytes) } : null),
      publish: (bytes) => ({ up: dataBytes(PREFIX_BYTES + bodyField(bytes)), down: 0 }),
      emptyPoll: null,
      // Polls come between.
      heartbeat: streams && Number(settings.pingMs) > 0 ? PING : null,
      flowControl: windowUpdates,
    };
  },
  // gRPC's "Connectivity Semantics and API": no call goes out before HTTP/2's own handshake, the server's SETTINGS.
  roundTrips({ settings, tls }) {
    const open = handshakes(tls) + 1 + 1;
    return settings.mode === 'unary'
      ? pollRoundTrips(open, { poll: 1, held: false, uplinkOpening: 0 })
      : pushRoundTrips(open, 0);
  },
};

/** Protocol Buffers: seven bits a byte. */
function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes++;
  return bytes;
}
