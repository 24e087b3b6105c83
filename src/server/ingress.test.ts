import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePublish } from '../protocol/ingress.js';
import { Ingress } from './ingress.js';

interface Published {
  readonly channel: string;
  readonly body: string;
}

/** An ingress with one socket into it; `arrived(n)` resolves when n publishes have come. */
async function openBench() {
  const published: Published[] = [];
  let changed = () => {};
  const ingress = await Ingress.open((channel, body) => {
    published.push({ channel, body: body.toString('latin1') });
    changed();
  });
  const socket = connect(ingress.endpoint);
  await once(socket, 'connect');
  socket.setNoDelay(true);
  const arrived = (count: number) =>
    new Promise<void>((resolve) => {
      changed = () => {
        if (published.length >= count) resolve();
      };
      changed();
    });
  return {
    ingress,
    socket,
    published,
    arrived,
    async [Symbol.asyncDispose]() {
      socket.destroy();
      await ingress.close();
    },
  };
}

function write(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => socket.write(bytes, (error) => (error ? reject(error) : resolve())));
}

describe('the ingress', () => {
  it('publishes what is sent to it, in order, however the stream is cut', async () => {
    const message = fc.record({
      channel: fc.stringMatching(/^[a-z0-9]{0,8}$/),
      body: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    });
    const property = fc.asyncProperty(
      fc.array(message, { minLength: 1, maxLength: 8 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
      async (messages, fractions) => {
        await using bench = await openBench();
        const stream = Buffer.concat(
          messages.map(({ channel, body }) => encodePublish(channel, Buffer.from(body, 'latin1'))),
        );
        const cuts = fractions.map((fraction) => Math.floor(fraction * stream.length)).sort((a, b) => a - b);
        let from = 0;
        for (const to of [...cuts, stream.length]) {
          if (to > from) await write(bench.socket, stream.subarray(from, to));
          from = to;
        }
        await bench.arrived(messages.length);
        expect(bench.published).toEqual(messages);
      },
    );
    await fc.assert(property, { numRuns: 40 });
  });

  it('gives each publish a body of its own, which keeps nothing else in memory', async () => {
    const bodies: Buffer[] = [];
    const ingress = await Ingress.open((_channel, body) => bodies.push(body));
    const socket = connect(ingress.endpoint);
    // Larger than what the runtime keeps small buffers together in.
    const body = Buffer.alloc(100_000, 'x');
    socket.end(Buffer.concat([encodePublish('a', body), encodePublish('a', body)]));
    await once(socket.resume(), 'close');
    expect(bodies).toEqual([body, body]);
    expect(bodies.map(({ buffer }) => buffer.byteLength)).toEqual([100_000, 100_000]);
    await ingress.close();
  });

  it.each([
    ['a frame above its bound', Buffer.from([255, 255, 255, 255, 1, 97])],
    ['a frame that ends within its channel name', Buffer.from([0, 0, 0, 2, 9, 97])],
    ['a frame without a channel name', Buffer.alloc(4)],
  ])('cuts a socket that sends %s, after what was right before it', async (_what, wrong) => {
    await using bench = await openBench();
    bench.socket.on('error', () => {});
    const closed = once(bench.socket, 'close');
    bench.socket.write(Buffer.concat([encodePublish('a', Buffer.from('good')), wrong]));
    bench.socket.resume();
    await closed;
    expect(bench.published).toEqual([{ channel: 'a', body: 'good' }]);
  });

  it('serves on after a socket was cut or reset', async () => {
    await using bench = await openBench();
    bench.socket.resetAndDestroy();
    const other = connect(bench.ingress.endpoint);
    other.write(encodePublish('b', Buffer.from('still here')));
    await bench.arrived(1);
    expect(bench.published).toEqual([{ channel: 'b', body: 'still here' }]);
    other.destroy();
  });

  it('listens on loopback only, and closes with its sockets open', async () => {
    await using bench = await openBench();
    const { endpoint } = bench.ingress;
    expect(endpoint).toMatchObject({ host: '127.0.0.1' });
    const closed = once(bench.socket.resume(), 'close');
    await bench.ingress.close();
    await closed;
    const [error] = (await once(connect(endpoint), 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });

  it.runIf(process.platform === 'linux')(
    'listens on a socket without a file or a port where it is asked to',
    async () => {
      const published: string[] = [];
      const ingress = await Ingress.open((channel, body) => published.push(`${channel} ${body}`), 'unix');
      expect(ingress.endpoint).toEqual({ path: expect.stringMatching(/^\0rtbench-ingress-\d+$/) });
      const socket = connect(ingress.endpoint);
      socket.end(encodePublish('a', Buffer.from('hello')));
      await once(socket.resume(), 'close');
      expect(published).toEqual(['a hello']);
      await ingress.close();
    },
  );
});
