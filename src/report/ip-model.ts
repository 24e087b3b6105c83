/** Payload of a full TCP segment: MTU 1,500 less IPv4 (20) and TCP with timestamps (32). */
const SEGMENT_BYTES = 1_448;
const HEADER_BYTES = 52;
/** Handshake of three, two of them with 8 more bytes of options, and an end of four. */
const CONNECTION = { packets: 7, bytes: 7 * HEADER_BYTES + 16 };
/** How long Linux puts an acknowledgement off, in the hope of an answer to send it with. */
const DELAYED_ACK_MS = 40;

/** Traffic of a window. Bytes are TCP payload. */
export interface ModelledTraffic {
  readonly up: number;
  readonly down: number;
  readonly connections: number;
}

export interface Volume {
  readonly bytes: number;
  readonly packets: number;
}

/**
 * Packets of messages pushed one by one: each starts a segment of its own, and is acknowledged by one packet for every
 * second segment, one at the least. What clients send goes along with acknowledgements.
 */
export function modelPush(traffic: ModelledTraffic, messages: number): Volume {
  const segments = segmentsOf(traffic.down / messages);
  return volume(traffic, messages * (segments + Math.ceil(segments / 2)));
}

/**
 * Packets of requests and their answers: an answer acknowledges its request and the next request the answer, unless it
 * comes later than 40 ms; of an answer of several segments every second one is acknowledged.
 * `pauseMs`: mean time between two exchanges of a client, taken as exponentially distributed.
 */
export function modelPull(traffic: ModelledTraffic, exchanges: number, pauseMs: number): Volume {
  const down = segmentsOf(traffic.down / exchanges);
  const late = Math.exp(-DELAYED_ACK_MS / pauseMs);
  return volume(traffic, exchanges * (segmentsOf(traffic.up / exchanges) + down + Math.floor(down / 2) + late));
}

/**
 * Packets of one heartbeat of an idle client: its segments, those of the answer, which acknowledges it, and one that
 * acknowledges the last of them, as nothing else follows.
 */
export function modelHeartbeat(traffic: ModelledTraffic): Volume {
  const segments = (bytes: number) => Math.ceil(bytes / SEGMENT_BYTES);
  return volume(traffic, segments(traffic.up) + segments(traffic.down) + 1);
}

function segmentsOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / SEGMENT_BYTES));
}

function volume({ up, down, connections }: ModelledTraffic, packets: number): Volume {
  return {
    bytes: up + down + packets * HEADER_BYTES + connections * CONNECTION.bytes,
    packets: packets + connections * CONNECTION.packets,
  };
}
