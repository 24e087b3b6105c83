import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import type { IngressAddress } from '../protocol/messages.js';

/**
 * The publisher's way into the hub. Where `keeps` is set it is a queue too, as an application server has one before its
 * database: what is written while there is no server, or was not taken by one that is gone, goes to the next one, in
 * order.
 */
export class WayIn {
  readonly #keeps: boolean;
  /** Frames since the first that a server may not have taken. */
  #kept: Buffer[] = [];
  #dropped = 0;
  #socket: Socket | undefined;

  private constructor(keeps: boolean) {
    this.#keeps = keeps;
  }

  /** Rejects when nobody listens there. Without `keeps`, a cut later on is an uncaught error. */
  static async open(address: IngressAddress, keeps = false): Promise<WayIn> {
    const way = new WayIn(keeps);
    await way.#connect(address);
    return way;
  }

  /** Frames of `encodePublish`, as one write. */
  write(frames: readonly Buffer[]): void {
    const [only] = frames;
    if (only === undefined) return;
    if (this.#keeps) this.#kept.push(...frames);
    this.#socket?.write(frames.length === 1 ? only : Buffer.concat(frames));
  }

  /** Goes on at another server, which has `taken` of all frames so far. */
  async reopen(address: IngressAddress, taken: number): Promise<void> {
    this.#socket?.destroy();
    this.#socket = undefined;
    this.#kept = this.#kept.slice(taken - this.#dropped);
    this.#dropped = taken;
    const socket = await this.#connect(address);
    for (const frame of this.#kept) socket.write(frame);
  }

  close(): void {
    this.#socket?.destroy();
  }

  async #connect(address: IngressAddress): Promise<Socket> {
    const socket = connectSocket({ ...address, noDelay: true });
    await once(socket, 'connect');
    this.#socket = socket;
    socket.on('error', (error) => {
      if (!this.#keeps) throw new Error(`the way into the hub is cut: ${error.message}`);
    });
    socket.once('close', () => {
      if (this.#socket === socket) this.#socket = undefined;
    });
    return socket;
  }
}
