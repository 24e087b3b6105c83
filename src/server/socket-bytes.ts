import type { Socket } from 'node:net';

/** Bytes in both directions, as a server sees them: `up` from clients, `down` to them. */
export interface UpDown {
  readonly up: number;
  readonly down: number;
}

/** What sockets have moved, those that are closed included. Bytes that wait in this process to be written are not. */
export class SocketBytes {
  readonly open = new Set<Socket>();
  readonly #closed = { up: 0, down: 0 };

  add(socket: Socket): void {
    this.open.add(socket);
    socket.once('close', () => {
      this.open.delete(socket);
      this.#closed.up += socket.bytesRead;
      this.#closed.down += socket.bytesWritten - socket.writableLength;
    });
  }

  sum(): UpDown {
    let { up, down } = this.#closed;
    for (const socket of this.open) {
      up += socket.bytesRead;
      down += socket.bytesWritten - socket.writableLength;
    }
    return { up, down };
  }
}
