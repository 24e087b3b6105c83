import type { ReadConnection } from './build.js';
import type { Inspection } from './inspection.js';
import { type Packet, packetsOf } from './packets.js';

/** Of blocks and options (draft-ietf-opsawg-pcapng, 3.5, 4). */
const BLOCK = { section: 0x0a0d0d0a, interface: 1, packet: 6 } as const;
const OPTION = { end: 0, comment: 1, name: 2, application: 4 } as const;
const BYTE_ORDER = 0x1a2b3c4d;
/** Packets begin with their IP header. */
const LINKTYPE_RAW = 101;
/** Titles in the comment of a packet in which many units begin. */
const MAX_TITLES = 8;

const WHAT_IT_IS =
  'Recorded by a relay between the two ends. Payload, its order and its times are as recorded; addresses, IP and TCP ' +
  'headers are made up around them. The number before a comment is that of rtbench inspect.';

export interface Recording extends Pick<Inspection, 'tool' | 'label' | 'events'> {
  readonly connections: readonly Pick<ReadConnection, 'openedUs' | 'ports' | 'chunks' | 'ends'>[];
  /** When the record's clock was at 0, ms since 1970. */
  readonly clockStartMs: number;
}

/**
 * A recorded exchange as a file that Wireshark opens (pcapng): its bytes in packets that were made up around them. What
 * begins in a packet is its comment. Pure.
 */
export function pcapngOf({ tool, label, events, connections, clockStartMs }: Recording): Buffer {
  const packets = connections
    .flatMap((connection, index) => packetsOf(connection).map((packet) => ({ packet, number: index + 1 })))
    .sort((a, b) => a.packet.atUs - b.packet.atUs);
  return Buffer.concat([
    sectionBlock(`${tool.name} ${tool.version}`, `${label}. ${WHAT_IT_IS}`),
    interfaceBlock(),
    ...packets.map(({ packet, number }) =>
      packetBlock(packet, Math.round(clockStartMs * 1_000), titlesIn(packet, number, events)),
    ),
  ]);
}

function titlesIn(
  { direction, offset, payloadBytes }: Packet,
  connection: number,
  events: Inspection['events'],
): string {
  const begin = events.filter(
    (event) =>
      event.connection === connection &&
      event.direction === direction &&
      event.offset >= offset &&
      event.offset < offset + payloadBytes,
  );
  const titles = begin.slice(0, MAX_TITLES).map(({ number, title }) => `#${number} ${title}`);
  const left = begin.length - titles.length;
  return [...titles, ...(left > 0 ? [`${left} more`] : [])].join(', ');
}

function sectionBlock(application: string, comment: string): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt32LE(BYTE_ORDER, 0);
  head.writeUInt16LE(1, 4);
  // Its length is not told.
  head.writeBigInt64LE(-1n, 8);
  return block(BLOCK.section, head, options([OPTION.comment, comment], [OPTION.application, application]));
}

function interfaceBlock(): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(LINKTYPE_RAW, 0);
  return block(BLOCK.interface, head, options([OPTION.name, 'rtbench inspect']));
}

/** Times are µs since 1970, the resolution where an interface says none. */
function packetBlock({ atUs, bytes }: Packet, startUs: number, comment: string): Buffer {
  const head = Buffer.alloc(20);
  const timeUs = BigInt(startUs + atUs);
  head.writeUInt32LE(Number(timeUs >> 32n), 4);
  head.writeUInt32LE(Number(timeUs & 0xffff_ffffn), 8);
  head.writeUInt32LE(bytes.length, 12);
  head.writeUInt32LE(bytes.length, 16);
  return block(
    BLOCK.packet,
    head,
    padded(bytes),
    comment === '' ? Buffer.alloc(0) : options([OPTION.comment, comment]),
  );
}

/** The length stands before and after what is in it. */
function block(type: number, ...content: readonly Buffer[]): Buffer {
  const length = content.reduce((sum, bytes) => sum + bytes.length, 12);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(type, 0);
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, ...content, head.subarray(4)]);
}

function options(...pairs: readonly (readonly [code: number, text: string])[]): Buffer {
  return Buffer.concat(
    [...pairs, [OPTION.end, ''] as const].flatMap(([code, text]) => {
      const value = Buffer.from(text);
      const head = Buffer.alloc(4);
      head.writeUInt16LE(code, 0);
      head.writeUInt16LE(value.length, 2);
      return [head, padded(value)];
    }),
  );
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}
