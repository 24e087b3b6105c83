import { headBytes } from '../http/theory.js';
import { handshakes, pushRoundTrips } from '../round-trips.js';
import type { Circumstances, Theory, Traffic } from '../theory.js';

/** RFC 6455, 5.3: what a client sends is masked, with a key of 4 bytes. */
const MASK_BYTES = 4;

/** RFC 6455. The sizes of compressed frames have no formula. */
export const theory: Theory = {
  brisk: () => ({}),
  heartbeat: { pingMs: 50 },
  predict(circumstances) {
    const { settings, id } = circumstances;
    const idBytes = settings.ids === true ? `${id} `.length : 0;
    const deflated = settings.deflate === true;
    return {
      opening: openingTraffic(circumstances),
      message: (bodyBytes) => (deflated ? null : { up: 0, down: frameBytes(idBytes + bodyBytes) }),
      publish: (bodyBytes) => (deflated ? null : { up: frameBytes(bodyBytes) + MASK_BYTES, down: 0 }),
      emptyPoll: null,
      heartbeat: { up: frameBytes(0) + MASK_BYTES, down: frameBytes(0) },
      flowControl: null,
    };
  },
  // RFC 6455, 1.2: the upgrade and its answer. A token in a first message has an answer of its own.
  roundTrips: ({ tls, auth }) => pushRoundTrips(handshakes(tls) + 1 + (auth === 'first-message' ? 1 : 0), 0),
};

/** RFC 6455, 5.2: two bytes, and two or eight more where the length does not fit into seven bits. */
function frameBytes(payloadBytes: number): number {
  if (payloadBytes <= 125) return 2 + payloadBytes;
  return (payloadBytes <= 65_535 ? 4 : 10) + payloadBytes;
}

/** RFC 6455, 4.1 and 4.2.2: the key has 24 characters, the answer to it 28. */
function openingTraffic({ settings, host, channel, clientId }: Circumstances): Traffic {
  const protocol = `Sec-WebSocket-Protocol: ${settings.ids === true ? 'rtbench.ids' : 'rtbench'}`;
  const offer =
    settings.deflate === true ? ['Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits'] : [];
  const agreed = settings.deflate === true ? ['Sec-WebSocket-Extensions: permessage-deflate'] : [];
  return {
    up: headBytes([
      `GET /ws?channel=${channel}&client=${clientId} HTTP/1.1`,
      `Host: ${host}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${'x'.repeat(24)}`,
      protocol,
      ...offer,
    ]),
    down: headBytes([
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Accept: ${'x'.repeat(28)}`,
      protocol,
      ...agreed,
    ]),
  };
}
