import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';

/** A piece of TCP between clients and a server that can stop reading what the server writes. */
export interface Passage {
  /** The URLs with addresses that lead through it. */
  readonly urls: readonly string[];
  /** Leaves what the server writes where it is: in the kernel's buffers, and then in the server. */
  stopReading(): void;
  readOn(): void;
  close(): Promise<void>;
}

/** Opens a passage to the first of these URLs. */
export async function openPassage(urls: readonly string[]): Promise<Passage> {
  const url = new URL(urls[0] ?? '');
  const sockets = new Set<Socket>();
  const fromServer = new Set<Socket>();
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  };
  const listener = createServer({ noDelay: true }, (client) => {
    const server = createConnection({ host: url.hostname, port: Number(url.port), noDelay: true });
    for (const socket of [client, server]) track(socket);
    fromServer.add(server);
    client.pipe(server);
    server.on('data', (chunk: Buffer) => client.write(chunk));
    server.once('end', () => client.end());
    server.once('close', () => {
      fromServer.delete(server);
      client.destroySoon();
    });
    client.once('close', () => server.destroy());
  });
  listener.listen(0, url.hostname);
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  return {
    urls: [`${url.protocol}//${url.hostname}:${port}`],
    stopReading() {
      for (const server of fromServer) server.pause();
    },
    readOn() {
      for (const server of fromServer) server.resume();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
