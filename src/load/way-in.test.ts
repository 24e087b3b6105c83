import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { decodePublish, encodePublish } from '../protocol/ingress.js';
import { FrameReader } from '../transports/tcp/frames.js';
import { WayIn } from './way-in.js';

/** Takes frames until told to die; `until` resolves when so many have come. */
async function openHub() {
  const taken: string[] = [];
  const sockets = new Set<Socket>();
  let changed: () => void = () => {};
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    const reader = new FrameReader(1_000, (content) => {
      taken.push(decodePublish(content).body.toString());
      changed();
    });
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => reader.push(chunk));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const die = async () => {
    for (const socket of sockets) socket.resetAndDestroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(die);
  return {
    taken,
    die,
    address: { host: '127.0.0.1', port },
    until: (count: number) =>
      new Promise<void>((resolve) => {
        changed = () => {
          if (taken.length >= count) resolve();
        };
        changed();
      }),
  };
}

const frame = (body: string) => encodePublish('c', Buffer.from(body));

it('hands what one server did not take to the next, in order and each once', async () => {
  const first = await openHub();
  const way = await WayIn.open(first.address, true);
  onTestFinished(() => way.close());
  way.write(['1', '2', '3'].map(frame));
  await first.until(3);
  await first.die();
  way.write([frame('4')]);
  const second = await openHub();
  // As a server says that had taken in two before it was killed.
  const reopened = way.reopen(second.address, 2);
  way.write([frame('5')]);
  await reopened;
  way.write([frame('6')]);
  await second.until(4);
  expect(second.taken).toEqual(['3', '4', '5', '6']);

  await second.die();
  const third = await openHub();
  await way.reopen(third.address, 5);
  await third.until(1);
  expect(third.taken).toEqual(['6']);
});
