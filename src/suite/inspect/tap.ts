import { type AddressInfo, createServer, connect as openSocket, type Server, type Socket } from 'node:net';
import type { Direction } from '../../transports/inspection.js';

/** Bytes that went by together. */
export interface Chunk {
  readonly direction: Direction;
  /** When they came, µs since the tap was opened. */
  readonly atUs: number;
  readonly bytes: Buffer;
}

/** That one side has no more to say, or cut the connection. */
export interface End {
  readonly direction: Direction;
  readonly atUs: number;
  readonly how: 'end' | 'cut';
}

export interface RecordedConnection {
  readonly openedUs: number;
  /** What the client connected from, and what the server listens on. */
  readonly ports: { readonly client: number; readonly server: number };
  readonly chunks: readonly Chunk[];
  readonly ends: readonly End[];
}

interface OpenConnection extends RecordedConnection {
  readonly chunks: Chunk[];
  readonly ends: End[];
}

export interface TapOptions {
  readonly host: string;
  readonly port: number;
  /** Most that is kept of all connections, bytes; what would go beyond it ends them. */
  readonly maxBytes: number;
  /** Most connections at a time or one after the other. */
  readonly maxConnections: number;
}

/** Stands on loopback between clients and a server, passes on every byte and keeps it, with the time at which it came. */
export class Tap {
  readonly #options: TapOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #connections: OpenConnection[] = [];
  readonly #startMs = performance.now();
  #bytes = 0;
  #problem: string | null = null;

  /** Resolves when it listens. */
  static async open(options: TapOptions): Promise<Tap> {
    const tap = new Tap(options);
    await new Promise<void>((resolve, reject) => {
      tap.#server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return tap;
  }

  private constructor(options: TapOptions) {
    this.#options = options;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#pass(client));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get connections(): readonly RecordedConnection[] {
    return this.#connections;
  }

  /** Bytes kept so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Connections of which one side or the other is still open. */
  get open(): number {
    return this.#sockets.size;
  }

  /** When its clock was at 0, ms since 1970. */
  get clockStartMs(): number {
    return performance.timeOrigin + this.#startMs;
  }

  /** Why the record is not all that was said; `null`: it is. */
  get problem(): string | null {
    return this.#problem;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #pass(client: Socket): void {
    const { host, port, maxConnections } = this.#options;
    if (this.#connections.length >= maxConnections) {
      this.#problem ??= `more than ${maxConnections} connections: those after them were refused`;
      client.destroy();
      return;
    }
    const server = openSocket({ host, port, allowHalfOpen: true, noDelay: true });
    const ports = { client: client.remotePort ?? 0, server: port };
    const connection: OpenConnection = { openedUs: this.#nowUs(), ports, chunks: [], ends: [] };
    this.#connections.push(connection);
    this.#lead(connection, 'up', client, server);
    this.#lead(connection, 'down', server, client);
  }

  #lead(connection: OpenConnection, direction: Direction, from: Socket, to: Socket): void {
    this.#sockets.add(from);
    const end = (how: End['how']) => {
      if (connection.ends.some((one) => one.direction === direction)) return;
      connection.ends.push({ direction, atUs: this.#nowUs(), how });
    };
    from.on('data', (bytes: Buffer) => {
      if (this.#bytes + bytes.length > this.#options.maxBytes) {
        this.#problem ??= `more than ${this.#options.maxBytes} B went by: what came after them was cut`;
        from.destroy();
        to.destroy();
        return;
      }
      this.#bytes += bytes.length;
      connection.chunks.push({ direction, atUs: this.#nowUs(), bytes });
      if (!to.write(bytes)) from.pause();
    });
    to.on('drain', () => from.resume());
    from.on('end', () => {
      end('end');
      to.end();
    });
    let failed = false;
    from.on('error', () => {
      failed = true;
    });
    from.on('close', () => {
      this.#sockets.delete(from);
      // Where the other side has cut the connection first, this one was not asked.
      if (failed) end('cut');
      if (failed || !from.readableEnded) to.destroy();
    });
  }

  #nowUs(): number {
    return Math.round((performance.now() - this.#startMs) * 1_000);
  }
}
