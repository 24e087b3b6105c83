import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between clients and a server and gives everything that crosses it a distance: the same delay both ways. */
export class DelayingRelay {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  static async open(target: { hostname: string; port: number }, delayMs: number): Promise<DelayingRelay> {
    const relay = new DelayingRelay(target, delayMs);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  private constructor({ hostname, port }: { hostname: string; port: number }, delayMs: number) {
    this.#server = createServer({ noDelay: true }, (near) => {
      const far = connect({ host: hostname, port, noDelay: true });
      this.#forward(near, far, delayMs);
      this.#forward(far, near, delayMs);
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** `host:port`. */
  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  #forward(from: Socket, to: Socket, delayMs: number): void {
    this.#sockets.add(from);
    from.on('data', (chunk) => {
      setTimeout(() => {
        if (to.writable) to.write(chunk);
      }, delayMs);
    });
    from.on('error', () => from.destroy());
    from.once('close', () => {
      this.#sockets.delete(from);
      setTimeout(() => to.destroy(), delayMs);
    });
  }
}
