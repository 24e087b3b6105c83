import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { decodePublish } from '../protocol/ingress.js';
import type { IngressAddress } from '../protocol/messages.js';
import { FrameReader } from '../transports/tcp/frames.js';

/** Longest publish the ingress takes: a body and its channel. */
export const MAX_FRAME_BYTES = 64 * 1024 * 1024;

/**
 * The neutral way into the hub: one persistent local socket, the same for every technique, whose bytes belong to
 * none: TCP on loopback, or a Unix domain socket where loopback's own counters must not see it.
 */
export class Ingress {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static open(
    publish: (channel: string, body: Buffer) => void,
    on: 'loopback' | 'unix' = 'loopback',
  ): Promise<Ingress> {
    const server = createServer({ noDelay: true });
    const ingress = new Ingress(server);
    server.on('connection', (socket) => ingress.#serve(socket, publish));
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      const listening = () => resolve(ingress);
      // The leading NUL makes it a name without a file (Linux), so that nothing is left behind.
      if (on === 'unix') server.listen(`\0rtbench-ingress-${process.pid}`, listening);
      else server.listen(0, '127.0.0.1', listening);
    });
  }

  get endpoint(): IngressAddress {
    const address = this.#server.address() as AddressInfo | string;
    return typeof address === 'string' ? { path: address } : { host: '127.0.0.1', port: address.port };
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #serve(socket: Socket, publish: (channel: string, body: Buffer) => void): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const reader = new FrameReader(MAX_FRAME_BYTES, (content) => {
      const { channel, body } = decodePublish(content);
      // A copy: the history must not keep the whole chunk of the socket alive for one body.
      publish(channel, Buffer.from(body));
    });
    socket.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk);
      } catch {
        socket.destroy();
      }
    });
  }
}
