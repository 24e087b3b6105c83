import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

const CHANNEL = 'net.client.socket';

/** What a process has moved over the sockets that it opened itself. */
export interface SocketCounts {
  /** TCP payload: `up` to the server, `down` from it. */
  readonly bytes: { readonly up: number; readonly down: number };
  readonly opened: number;
  readonly open: number;
}

/**
 * Counts the bytes of every connection that this process opens, whatever library does: Node announces each. From the
 * start of the watch; what is only waiting to be written does not count.
 */
export class SocketCounter {
  readonly #open = new Set<Socket>();
  readonly #past = { up: 0, down: 0 };
  #opened = 0;
  #ignores = false;

  constructor() {
    subscribe(CHANNEL, this.#onSocket);
  }

  /** What `open` opens is not counted. */
  readonly ignoring = (open: () => Socket): Socket => {
    this.#ignores = true;
    try {
      return open();
    } finally {
      this.#ignores = false;
    }
  };

  read(): SocketCounts {
    const { up, down } = this.#past;
    const bytes = { up, down };
    for (const socket of this.#open) {
      bytes.up += writtenBytes(socket);
      bytes.down += socket.bytesRead;
    }
    return { bytes, opened: this.#opened, open: this.#open.size };
  }

  stop(): void {
    unsubscribe(CHANNEL, this.#onSocket);
  }

  readonly #onSocket = (message: unknown): void => {
    if (this.#ignores) return;
    const { socket } = message as { socket: Socket };
    this.#open.add(socket);
    socket.once('connect', () => {
      this.#opened++;
    });
    socket.once('close', () => {
      this.#open.delete(socket);
      this.#past.up += socket.bytesWritten;
      this.#past.down += socket.bytesRead;
    });
  };
}

function writtenBytes(socket: Socket): number {
  return socket.connecting ? 0 : socket.bytesWritten - socket.writableLength;
}
