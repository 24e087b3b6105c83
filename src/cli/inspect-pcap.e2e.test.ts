import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { request } from 'undici';
import { describe, expect, test } from 'vitest';
import type { InspectedEvent, Inspection } from '../report/inspection/inspection.js';
import { pcapngOf } from '../report/inspection/pcapng.js';
import { Tap } from '../suite/inspect/tap.js';
import { rtbench, withFolder } from '../testing/cli.js';
import { runs } from '../testing/namespace.js';
import { tsharkFields, tsharkStreams } from '../testing/tshark.js';
import type { Direction } from '../transports/inspection.js';
import { inspector } from '../transports/sse/inspect.js';

const TSHARK = runs('tshark', ['--version']);
if (!TSHARK) console.warn('inspect --pcap is not held against Wireshark: it takes tshark.');

const CHECKSUMS = ['-o', 'ip.check_checksum:TRUE', '-o', 'tcp.check_checksum:TRUE'];
const WAYS = ['up', 'down'] as const;

/** What `inspect` says of an exchange, and the file of its packets. */
async function inspected<T>(args: readonly string[], use: (document: Inspection, file: string) => Promise<T>) {
  return withFolder(async (folder) => {
    const [json, pcap] = [join(folder, 'exchange.json'), join(folder, 'exchange.pcapng')];
    const { code, stdout, stderr } = await rtbench(['inspect', ...args, '--json', json, '--pcap', pcap]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const document: Inspection = JSON.parse(await readFile(json, 'utf8'));
    const options = /wireshark (-d \S+) /.exec(stdout)?.[1]?.split(' ') ?? [];
    expect(stdout).toContain(`For Wireshark: wireshark ${[...options, pcap].join(' ')}\n`);
    await use(document, pcap);
    return options;
  });
}

function hexOf({ events }: Inspection, connection: number, direction: Direction): string {
  return events
    .filter((event) => event.connection === connection && event.direction === direction)
    .sort((a, b) => a.offset - b.offset)
    .flatMap(({ parts }) => parts.map(({ hex }) => hex))
    .join('');
}

const said = ({ parts }: InspectedEvent, name: string) => parts.find((part) => part.name.startsWith(name))?.value ?? '';

describe.skipIf(!TSHARK)('tshark reads in the packets what inspect says', () => {
  test.each(['websocket', 'sse', 'short-polling:keepAlive=false', 'grpc', 'websocket --size 1MiB'])(
    '%s: the same bytes, in packets that are right',
    async (command) => {
      const args = command.split(' ');
      await inspected(args, async (document, file) => {
        const streams = await tsharkStreams(file, document.connections.length);
        for (const [index, stream] of streams.entries()) {
          for (const way of WAYS) expect(stream[way] === hexOf(document, index + 1, way), `${index} ${way}`).toBe(true);
        }
        const packets = await tsharkFields(
          file,
          [
            'ip.checksum.status',
            'tcp.checksum.status',
            'tcp.analysis.flags',
            'tcp.srcport',
            'tcp.len',
            '_ws.malformed',
          ],
          CHECKSUMS,
        );
        for (const packet of packets) {
          expect(packet).toMatchObject({
            'ip.checksum.status': ['1'],
            'tcp.checksum.status': ['1'],
            'tcp.analysis.flags': [],
            '_ws.malformed': [],
          });
        }
        const port = String(document.connections[0]?.ports.server);
        const bytes = (isDown: boolean) =>
          packets.reduce((sum, { 'tcp.srcport': [from], 'tcp.len': [length] }) => {
            return (from === port) === isDown ? sum + Number(length) : sum;
          }, 0);
        expect({ up: bytes(false), down: bytes(true) }).toEqual(document.count.recorded);
      });
    },
  );

  test.each(['websocket', 'websocket --size 125', 'websocket --size 200', 'websocket --size 70KiB'])(
    'frames of WebSocket: %s',
    async (command) => {
      await inspected(command.split(' '), async ({ events, connections }, file) => {
        const packets = await tsharkFields(file, [
          'tcp.srcport',
          'websocket.fin',
          'websocket.opcode',
          'websocket.mask',
          'websocket.payload_length',
          'websocket.payload_length_ext_16',
          'websocket.payload_length_ext_64',
        ]);
        const port = String(connections[0]?.ports.server);
        const frames = packets.flatMap((packet) =>
          packet['websocket.opcode'].map((opcode, index) => {
            const short = Number(packet['websocket.payload_length'][index]);
            const long = packet[`websocket.payload_length_ext_${short === 126 ? 16 : 64}`];
            return {
              direction: packet['tcp.srcport'][0] === port ? 'down' : 'up',
              first: `FIN=${packet['websocket.fin'][index]} RSV=000 opcode=0x${Number(opcode).toString(16).toUpperCase()}`,
              second: `MASK=${packet['websocket.mask'][index]} length=${short}`,
              long: short < 126 ? '' : (long[0] ?? 'none'),
            };
          }),
        );
        const told = events
          .filter((event) => said(event, 'FIN') !== '')
          .map((event) => ({
            direction: event.direction,
            first: said(event, 'FIN'),
            second: said(event, 'MASK'),
            long: said(event, 'length'),
          }));
        for (const way of WAYS) {
          const own = told.filter(({ direction }) => direction === way);
          expect(frames.filter(({ direction }) => direction === way)).toEqual(own);
          expect(own.length).toBeGreaterThan(3);
        }
      });
    },
  );

  test.each([
    'sse:http=2',
    'long-polling:http=2',
    'grpc',
    'grpc --pattern unary',
    'grpc --pattern server',
    'grpc --pattern client',
    'grpc --size 40KiB',
  ])('frames of HTTP/2: %s', async (command) => {
    const options = await inspected(command.split(' '), async ({ events, connections }, file) => {
      const asHttp2 = ['-d', `tcp.port==${connections[0]?.ports.server},http2`];
      const fields = ['tcp.srcport', 'http2.type', 'http2.length', 'http2.flags', 'http2.streamid'] as const;
      const packets = await tsharkFields(file, [...fields, 'grpc.message_length'], asHttp2);
      const port = String(connections[0]?.ports.server);
      for (const way of WAYS) {
        const own = packets.filter(({ 'tcp.srcport': [from] }) => (from === port) === (way === 'down'));
        const frames = own.flatMap((packet) =>
          packet['http2.type'].map((type, index) => ({
            type: Number(type),
            length: packet['http2.length'][index],
            flags: Number(packet['http2.flags'][index]),
            stream: packet['http2.streamid'][index],
          })),
        );
        const told = events
          .filter(({ direction, parts }) => direction === way && parts[1]?.name === 'type')
          .map((event) => ({
            type: Number.parseInt(event.parts[1]?.hex ?? '', 16),
            length: said(event, 'length'),
            flags: Number(said(event, 'flags').split(' ')[0]),
            stream: said(event, 'stream'),
          }));
        expect(frames).toEqual(told);
        expect(told.length).toBeGreaterThan(3);
        const messages = events
          .filter(({ direction }) => direction === way)
          .flatMap(({ parts }) => parts.filter(({ name }) => name === 'message length').map(({ value }) => value));
        expect(own.flatMap((packet) => packet['grpc.message_length'])).toEqual(messages);
      }
    });
    expect(options[0]).toBe('-d');
  });

  test.each(['sse', 'short-polling', 'long-polling'])('heads and bodies of HTTP/1.1: %s', async (spec) => {
    await inspected([spec], async ({ events, connections }, file) => {
      const wanted = ['tcp.srcport', 'http.request.line', 'http.response.line'] as const;
      // An answer that does not end is shown as it comes.
      const packets = await tsharkFields(file, wanted, ['-o', 'http.desegment_body:FALSE']);
      const port = String(connections[0]?.ports.server);
      for (const way of WAYS) {
        const own = packets.filter(({ 'tcp.srcport': [from] }) => (from === port) === (way === 'down'));
        const lines = own.flatMap((packet) => packet[way === 'up' ? 'http.request.line' : 'http.response.line']);
        const heads = events
          .filter(({ direction, parts }) => direction === way && / line$/.test(parts[0]?.name ?? ''))
          .sort((a, b) => a.number - b.number);
        const fields = heads.flatMap(({ parts }) =>
          parts.filter(({ kind, value, name }) => value !== '' && kind !== 'payload' && !/ line$|JSON/.test(name)),
        );
        expect(lines.map((line) => line.replaceAll(/\\r\\n$/g, ''))).toEqual(
          fields.filter(({ hex }) => hex.endsWith('0d0a')).map(({ name, value }) => `${name}: ${value}`),
        );
        expect(lines.length).toBeGreaterThan(3);
      }
    });
  });
});

test.skipIf(!TSHARK)('chunks of an answer of node:http that ends', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    for (const text of ['data: a\n\n', ': b\n\n', `data: ${'c'.repeat(100_000)}\n\n`]) response.write(text);
    response.end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const tap = await Tap.open({ host: '127.0.0.1', port, maxBytes: 1 << 20, maxConnections: 1 });
  try {
    await (await request(`http://127.0.0.1:${tap.port}/events`, { reset: true })).body.text();
    const { connections, clockStartMs } = tap;
    const tool = { name: 'rtbench', version: '0' };
    await withFolder(async (folder) => {
      const file = join(folder, 'x.pcapng');
      await writeFile(file, pcapngOf({ tool, label: 'SSE', events: [], connections, clockStartMs }));
      const packets = await tsharkFields(file, ['http.chunk_size']);
      const streams = { up: bytesOf(connections, 'up'), down: bytesOf(connections, 'down') };
      const parts = inspector.decode(streams, {}).flatMap((unit) => unit.parts);
      const sizes = parts.filter(({ name }) => name === 'chunk size').map(({ value }) => Number.parseInt(value, 16));
      expect(sizes).toEqual([9, 5, 100_008, 0]);
      expect(packets.flatMap((packet) => packet['http.chunk_size'].map(Number))).toEqual(sizes);
    });
  } finally {
    await tap.close();
    server.close();
  }
});

function bytesOf(connections: Tap['connections'], direction: Direction): Buffer {
  const chunks = connections.flatMap((connection) => connection.chunks);
  return Buffer.concat(chunks.filter((chunk) => chunk.direction === direction).map(({ bytes }) => bytes));
}

test('on stdout it is a file of packets, and the text goes to stderr', async () => {
  const { code, stdout, stderr } = await rtbench(['inspect', 'websocket', '--pcap', '-']);
  expect(code).toBe(0);
  expect(stdout.charCodeAt(0)).toBe(0x0a);
  expect(stderr).toContain('101 Switching Protocols');
  expect(stderr).not.toContain('For Wireshark');
});

test('one document only goes to stdout', async () => {
  const { code, stdout, stderr } = await rtbench(['inspect', 'websocket', '--pcap', '-', '--json', '-']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('only one of them can have stdout');
});

test('a file that cannot be written is refused before anything is recorded', async () => {
  const { code, stdout, stderr } = await rtbench(['inspect', 'websocket', '--pcap', '/nowhere/x.pcapng']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('--pcap: cannot write to /nowhere/x.pcapng');
});
