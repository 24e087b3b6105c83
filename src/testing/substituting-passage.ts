import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';

export interface Substitution {
  readonly direction: 'up' | 'down';
  readonly from: string | Buffer;
  /** Of the same length, so that nothing else has to change. */
  readonly to: string | Buffer;
}

export interface SubstitutingPassage {
  /** URL that leads through it. */
  readonly url: string;
  close(): Promise<void>;
}

/** A piece of TCP in front of a server that breaks it: every occurrence of some bytes is replaced by others. */
export async function openSubstitutingPassage(
  target: string,
  { direction, from, to }: Substitution,
): Promise<SubstitutingPassage> {
  const [search, replacement] = [Buffer.from(from), Buffer.from(to)];
  if (search.length !== replacement.length) throw new Error(`"${from}" and "${to}" are not of the same length`);
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const listener = createServer((client) => {
    const server = createConnection({ host: hostname, port: Number(port) });
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => sockets.delete(socket));
    }
    const carry = (source: Socket, sink: Socket, changes: boolean) => {
      source.on('data', (chunk: Buffer) => sink.write(changes ? replaced(chunk, search, replacement) : chunk));
      source.once('end', () => sink.end());
      source.once('close', () => sink.destroySoon());
    };
    carry(client, server, direction === 'up');
    carry(server, client, direction === 'down');
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

function replaced(chunk: Buffer, from: Buffer, to: Buffer): Buffer {
  for (let at = chunk.indexOf(from); at >= 0; at = chunk.indexOf(from, at + to.length)) to.copy(chunk, at);
  return chunk;
}
