import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import type { Endpoint } from '../../protocol/messages.js';
import type { Between } from '../between.js';
import { type HttpMode, httpForward } from './http-forward.js';
import { forwardAsHttp10 } from './http10-forward.js';

export interface HostileOptions {
  readonly mode: string;
  /** Of `idle-cut`, ms. */
  readonly idleCutMs: number;
  readonly servers: readonly Endpoint[];
}

/** Takes over one connection of a client. */
type Forward = (client: Socket, server: Endpoint) => void;

/** The bundled proxy that misbehaves: in this process, on free ports of the servers' hosts. */
export class HostileProxy implements Between {
  readonly #listeners: Server[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #forward: Forward;
  readonly addresses: Endpoint[] = [];

  static async start({ servers, ...options }: HostileOptions): Promise<HostileProxy> {
    const proxy = new HostileProxy(options);
    for (const server of servers) await proxy.#listen(server);
    return proxy;
  }

  private constructor({ mode, idleCutMs }: Omit<HostileOptions, 'servers'>) {
    this.#forward = this.#forwardOf(mode, idleCutMs);
  }

  /** Ends every connection. Idempotent. */
  async stop(): Promise<void> {
    const closed = this.#listeners.map((listener) => new Promise((resolve) => listener.close(resolve)));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  async #listen(server: Endpoint): Promise<void> {
    const listener = createServer({ noDelay: true }, (client) => {
      this.#track(client);
      this.#forward(client, server);
    });
    this.#listeners.push(listener);
    listener.listen(0, server.host);
    await once(listener, 'listening');
    this.addresses.push({ host: server.host, port: (listener.address() as AddressInfo).port });
  }

  #forwardOf(mode: string, idleCutMs: number): Forward {
    const open = (server: Endpoint) => this.#track(createConnection({ ...server, noDelay: true }));
    switch (mode) {
      case 'buffer':
      case 'gzip':
      case 'strip-upgrade':
        return httpForward(mode satisfies HttpMode, open);
      case 'http-1.0':
        return (client, server) => forwardAsHttp10(client, open(server));
      case 'idle-cut':
        return (client, server) => cutWhenIdle(client, open(server), idleCutMs);
      default:
        throw new Error(`the hostile proxy has no mode ${mode}`);
    }
  }

  #track(socket: Socket): Socket {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    return socket;
  }
}

function cutWhenIdle(client: Socket, server: Socket, idleCutMs: number): void {
  const cut = () => {
    clearTimeout(timer);
    client.destroy();
    server.destroy();
  };
  const timer = setTimeout(cut, idleCutMs);
  for (const [from, to] of [
    [client, server],
    [server, client],
  ] as const) {
    from.on('data', () => timer.refresh());
    from.pipe(to);
    from.once('close', cut);
  }
}
