import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packetsOf } from './packets.js';
import { pcapngOf } from './pcapng.js';

const PORTS = { client: 50_000, server: 8_080 };
const ORDER = { up: [50_000, 8_080], down: [8_080, 50_000] };

const connection = fc
  .record({
    chunks: fc.array(
      fc.record({
        direction: fc.constantFrom('up' as const, 'down' as const),
        bytes: fc.nat({ max: 150_000 }).map((bytes) => Buffer.alloc(bytes, 'abc')),
      }),
      { maxLength: 5 },
    ),
    how: fc.constantFrom('end' as const, 'cut' as const),
  })
  .map(({ chunks, how }) => ({
    openedUs: 0,
    ports: PORTS,
    chunks: chunks.map((chunk, index) => ({ ...chunk, atUs: 10 * index })),
    ends: [{ direction: 'up' as const, atUs: 1_000, how }],
  }));

/** RFC 1071: over bytes with their own checksum in it, it is 0. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

test('packets carry the bytes of each way in order, numbered as TCP numbers them, with right checksums', () => {
  fc.assert(
    fc.property(connection, (recorded) => {
      const packets = packetsOf(recorded);
      const carried = { up: [] as Buffer[], down: [] as Buffer[] };
      const next = { up: 0, down: 0 };
      for (const { bytes, direction, offset, payloadBytes } of packets) {
        expect(bytes.readUInt16BE(2)).toBe(bytes.length);
        expect(checksum(bytes.subarray(0, 20))).toBe(0);
        const segment = bytes.subarray(20);
        const pseudo = Buffer.concat([
          bytes.subarray(12, 20),
          Buffer.from([0, 6, segment.length >> 8, segment.length & 0xff]),
        ]);
        expect(checksum(Buffer.concat([pseudo, segment]))).toBe(0);
        expect([segment.readUInt16BE(0), segment.readUInt16BE(2)]).toEqual(ORDER[direction]);
        expect(segment.readUInt32BE(4)).toBe(next[direction]);
        const isFirst = segment[13] === 0x02;
        expect(segment.readUInt32BE(8)).toBe(isFirst ? 0 : next[direction === 'up' ? 'down' : 'up']);
        const payload = segment.subarray(((segment[12] ?? 0) >> 4) * 4);
        expect([payload.length, Buffer.concat(carried[direction]).length]).toEqual([payloadBytes, offset]);
        carried[direction].push(payload);
        next[direction] += payload.length + (((segment[13] ?? 0) & 0x03) === 0 ? 0 : 1);
      }
      for (const way of ['up', 'down'] as const) {
        const said = recorded.chunks.filter(({ direction }) => direction === way).map(({ bytes }) => bytes);
        expect(Buffer.concat(carried[way]).equals(Buffer.concat(said))).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});

const flagsOf = (how: 'end' | 'cut') =>
  packetsOf({ openedUs: 0, ports: PORTS, chunks: [], ends: [{ direction: 'down', atUs: 1, how }] }).map(
    ({ direction, bytes }) => `${direction} ${bytes[33]}`,
  );

test('a connection is opened by three packets, and closed by FIN or cut by RST', () => {
  const opened = ['up 2', 'down 18', 'up 16'];
  expect(flagsOf('end')).toEqual([...opened, 'down 17', 'up 16']);
  expect(flagsOf('cut')).toEqual([...opened, 'down 20']);
});

test('a file is blocks that say their length before and after', () => {
  fc.assert(
    fc.property(connection, (recorded) => {
      const title = 'ÄÖ';
      const event = { connection: 1, direction: 'up', offset: 0, number: 7, title } as never;
      const tool = { name: 'rtbench', version: '1' };
      const file = pcapngOf({ tool, label: 'x', events: [event], connections: [recorded], clockStartMs: 1.7e12 });
      const types: number[] = [];
      for (let at = 0; at < file.length; ) {
        const length = file.readUInt32LE(at + 4);
        expect(length % 4).toBe(0);
        expect(file.readUInt32LE(at + length - 4)).toBe(length);
        types.push(file.readUInt32LE(at));
        at += length;
      }
      expect(types).toEqual([0x0a0d0d0a, 1, ...packetsOf(recorded).map(() => 6)]);
      const says = recorded.chunks.some(({ direction, bytes }) => direction === 'up' && bytes.length > 0);
      expect(file.includes(`#7 ${title}`)).toBe(says);
    }),
    { numRuns: 40 },
  );
});
