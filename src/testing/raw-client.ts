import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A client that counts with its own socket, and reads as text. */
export class RawClient {
  readonly socket: Socket;
  readonly closed: Promise<unknown>;
  text = '';
  #changed = () => {};

  constructor({ hostname, port }: Pick<URL, 'hostname' | 'port'>) {
    this.socket = connect({ host: hostname, port: Number(port) });
    this.closed = new Promise((resolve) => this.socket.once('close', resolve));
    this.socket.on('error', () => {});
    this.socket.on('data', (chunk) => {
      this.text += chunk.toString('latin1');
      this.#changed();
    });
    onTestFinished(() => void this.socket.destroy());
  }

  async ask(text: string, until: string): Promise<void> {
    this.socket.write(text);
    await this.reads(until);
  }

  reads(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = () => {
        if (this.text.includes(text)) resolve();
      };
      this.#changed();
    });
  }

  get bytes(): { up: number; down: number } {
    return { up: this.socket.bytesWritten, down: this.socket.bytesRead };
  }
}

/** Code of the error that connecting to a port of this machine ends with. Waits for ever where it succeeds. */
export async function errorOfConnecting(port: number): Promise<string | undefined> {
  const socket = connect({ host: '127.0.0.1', port });
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  return error.code;
}

/** The first of `count` free ports in a row, below those that the system hands out by itself. */
export async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = 10_000 + Math.floor(Math.random() * 20_000);
    const servers = await Promise.all(Array.from({ length: count }, (_, index) => tryToListen(first + index)));
    await Promise.all(servers.map((server) => new Promise((resolve) => server?.close(resolve) ?? resolve(undefined))));
    if (servers.every((server) => server !== undefined)) return first;
  }
}

function tryToListen(port: number): Promise<Server | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
