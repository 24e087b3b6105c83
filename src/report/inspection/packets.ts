import type { Direction } from '../../transports/inspection.js';
import type { ReadConnection } from './build.js';

/** An IP packet as it might have looked, and which bytes of its connection it carries. */
export interface Packet {
  /** µs on the record's clock. */
  readonly atUs: number;
  /** IPv4 header, TCP header and payload. */
  readonly bytes: Buffer;
  readonly direction: Direction;
  /** Of its first payload byte among all of its direction. */
  readonly offset: number;
  readonly payloadBytes: number;
}

/** Payload with which an IP packet, whose length has 16 bits, is as long as it can be. */
const MAX_PAYLOAD_BYTES = 65_535 - 40;
const WINDOW = 65_535;
const ADDRESS = [127, 0, 0, 1];
const FLAG = { fin: 0x01, syn: 0x02, rst: 0x04, psh: 0x08, ack: 0x10 } as const;
/** RFC 9293, 3.1, MSS of 65,495; RFC 7323, 2.2, window scale of 8: more than is ever recorded may be on its way. */
const SYN_OPTIONS = Buffer.from([2, 4, MAX_PAYLOAD_BYTES >> 8, MAX_PAYLOAD_BYTES & 0xff, 1, 3, 3, 8]);

/**
 * A recorded connection as packets of IPv4 (RFC 791) and TCP (RFC 9293): opened by three, each chunk of the record in as
 * few as it takes, closed by FIN or cut by RST as it was. Payload, order and times are the record's; the headers are made
 * up, with sequence numbers from 0, no loss and no acknowledgement of its own but for SYN and FIN.
 */
export function packetsOf(connection: Pick<ReadConnection, 'openedUs' | 'ports' | 'chunks' | 'ends'>): Packet[] {
  const { openedUs, chunks, ends } = connection;
  const line = new Line(connection.ports);
  line.open(openedUs);
  const steps = [
    ...chunks.map((chunk) => ({ atUs: chunk.atUs, take: () => line.carry(chunk) })),
    ...ends.map((end) => ({ atUs: end.atUs, take: () => line.end(end) })),
  ];
  for (const { take } of steps.sort((a, b) => a.atUs - b.atUs)) take();
  return line.packets;
}

/** Both ways of a connection: what each has said, and so what the other acknowledges. */
class Line {
  readonly packets: Packet[] = [];
  readonly #ports: ReadConnection['ports'];
  readonly #next = { up: 0, down: 0 };
  readonly #sentBytes = { up: 0, down: 0 };

  constructor(ports: ReadConnection['ports']) {
    this.#ports = ports;
  }

  open(atUs: number): void {
    this.#add('up', atUs, FLAG.syn);
    this.#add('down', atUs, FLAG.syn | FLAG.ack);
    this.#add('up', atUs, FLAG.ack);
  }

  carry({ direction, atUs, bytes }: ReadConnection['chunks'][number]): void {
    for (let at = 0; at < bytes.length; at += MAX_PAYLOAD_BYTES) {
      this.#add(direction, atUs, FLAG.psh | FLAG.ack, bytes.subarray(at, at + MAX_PAYLOAD_BYTES));
    }
  }

  end({ direction, atUs, how }: ReadConnection['ends'][number]): void {
    this.#add(direction, atUs, (how === 'end' ? FLAG.fin : FLAG.rst) | FLAG.ack);
    if (how === 'end') this.#add(direction === 'up' ? 'down' : 'up', atUs, FLAG.ack);
  }

  #add(direction: Direction, atUs: number, flags: number, payload: Buffer = Buffer.alloc(0)): void {
    const { client, server } = this.#ports;
    const back = direction === 'up' ? 'down' : 'up';
    const segment = tcpSegment({
      ports: direction === 'up' ? [client, server] : [server, client],
      sequence: this.#next[direction],
      acknowledged: (flags & FLAG.ack) === 0 ? 0 : this.#next[back],
      flags,
      payload,
    });
    const offset = this.#sentBytes[direction];
    this.packets.push({ atUs, bytes: ipPacket(segment), direction, offset, payloadBytes: payload.length });
    this.#sentBytes[direction] += payload.length;
    // SYN and FIN take a number each.
    this.#next[direction] += payload.length + ((flags & (FLAG.syn | FLAG.fin)) === 0 ? 0 : 1);
  }
}

interface Segment {
  readonly ports: readonly [from: number, to: number];
  readonly sequence: number;
  readonly acknowledged: number;
  readonly flags: number;
  readonly payload: Buffer;
}

function tcpSegment({ ports, sequence, acknowledged, flags, payload }: Segment): Buffer {
  const options = (flags & FLAG.syn) === 0 ? Buffer.alloc(0) : SYN_OPTIONS;
  const head = Buffer.alloc(20);
  head.writeUInt16BE(ports[0], 0);
  head.writeUInt16BE(ports[1], 2);
  head.writeUInt32BE(sequence, 4);
  head.writeUInt32BE(acknowledged, 8);
  head.writeUInt8(((head.length + options.length) / 4) << 4, 12);
  head.writeUInt8(flags, 13);
  head.writeUInt16BE(WINDOW, 14);
  const segment = Buffer.concat([head, options, payload]);
  // RFC 9293, 3.1: over addresses, protocol and length as well.
  const pseudo = Buffer.from([...ADDRESS, ...ADDRESS, 0, 6, segment.length >> 8, segment.length & 0xff]);
  segment.writeUInt16BE(checksum(pseudo, segment), 16);
  return segment;
}

function ipPacket(segment: Buffer): Buffer {
  const head = Buffer.alloc(20);
  head.writeUInt8(0x45, 0);
  head.writeUInt16BE(head.length + segment.length, 2);
  head.writeUInt16BE(0x4000, 6);
  head.writeUInt8(64, 8);
  head.writeUInt8(6, 9);
  head.set([...ADDRESS, ...ADDRESS], 12);
  head.writeUInt16BE(checksum(head), 10);
  return Buffer.concat([head, segment]);
}

/** RFC 1071. All but the last have an even number of bytes. */
function checksum(...buffers: readonly Buffer[]): number {
  let sum = 0;
  for (const buffer of buffers) {
    for (let at = 0; at < buffer.length; at += 2) sum += ((buffer[at] ?? 0) << 8) | (buffer[at + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x1_0000);
  return ~sum & 0xffff;
}
