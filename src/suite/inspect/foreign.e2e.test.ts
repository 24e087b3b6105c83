import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { recordTechnique } from '../../testing/recorded-technique.js';
import { Tap } from './tap.js';

const MIB = 1024 * 1024;

/** A server that does this with each connection. */
async function withServer<T>(serve: (socket: Socket) => void, use: (url: string) => Promise<T>): Promise<T> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    serve(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

const TECHNIQUES = ['websocket', 'sse', 'sse:http=2', 'short-polling', 'long-polling:holdMs=100', 'grpc'];

test.each(TECHNIQUES)('a server that closes at once: %s', async (spec) => {
  await withServer(
    (socket) => socket.destroy(),
    (url) => expect(recordTechnique(spec, { url })).rejects.toThrow(new URL(url).host),
  );
});

test.each(TECHNIQUES)('a server that never answers: %s', async (spec) => {
  await withServer(
    (socket) => socket.resume(),
    async (url) => {
      const recording = recordTechnique(spec, { url, stepMs: 300 });
      await expect(recording).rejects.toThrow('it did not answer as a server of this technique does within ');
    },
  );
});

test.each(TECHNIQUES)('a server that speaks something else: what it said is kept, %s', async (spec) => {
  await withServer(
    (socket) => socket.end('220 mail.example.com ESMTP\r\n'),
    async (url) => {
      const { recorded } = await recordTechnique(spec, { url });
      expect(recorded.failure).toEqual(expect.any(String));
      expect(recorded.server).toBeNull();
      const [down] = recorded.connections[0]?.chunks.filter(({ direction }) => direction === 'down') ?? [];
      expect(String(down?.bytes)).toBe('220 mail.example.com ESMTP\r\n');
    },
  );
});

test('a server that sends without an end: no more is kept than there is room for, and that is what is said', async () => {
  const events = Buffer.from('data: x\n\n'.repeat(8_000));
  let sentBytes = 0;
  const flood = (socket: Socket) => {
    socket.resume().write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n');
    const more = () => {
      while (!socket.destroyed && sentBytes < 1024 * MIB) {
        sentBytes += events.length;
        if (!socket.write(events)) break;
      }
    };
    socket.on('drain', more);
    more();
  };
  await withServer(flood, async (url) => {
    const { recorded } = await recordTechnique('sse', { url });
    expect(recorded.failure).toMatch(/^more than \d+ B went by: what came after them was cut$/);
    expect(recorded.failure).toBe(recorded.problem);
    const bytes = recorded.connections
      .flatMap(({ chunks }) => chunks)
      .reduce((sum, chunk) => sum + chunk.bytes.length, 0);
    expect(bytes).toBeLessThanOrEqual(8 * MIB);
    // What it sent waits in buffers of sockets at most.
    expect(sentBytes).toBeLessThan(64 * MIB);
  });
});

test('a server that says a little without a pause is not waited for until it rests', async () => {
  const chatter = (socket: Socket) => {
    socket.resume().write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n');
    const timer = setInterval(() => socket.write(':\n\n'), 1);
    socket.on('close', () => clearInterval(timer));
  };
  await withServer(chatter, async (url) => {
    // Its answer to what is sent has no end either, so that it ends there.
    const { recorded } = await recordTechnique('sse', { url, stepMs: 300 });
    expect(recorded.connections[0]?.chunks.length).toBeGreaterThan(1);
  });
});

test('connections beyond those there is room for are refused, and that is said', async () => {
  await withServer(
    (socket) => socket.resume(),
    async (url) => {
      const tap = await Tap.open({
        host: '127.0.0.1',
        port: Number(new URL(url).port),
        maxBytes: 10,
        maxConnections: 1,
      });
      try {
        const [first, second] = [connect(tap.port, '127.0.0.1'), connect(tap.port, '127.0.0.1')];
        await once(second, 'close');
        expect(tap.problem).toBe('more than 1 connections: those after them were refused');
        first.destroy();
      } finally {
        await tap.close();
      }
    },
  );
});
