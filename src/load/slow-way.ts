import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Bytes read at once while nothing holds a connection back, and while it is stopped altogether. */
const FULL_READ_BYTES = 16_384;
const MIN_READ_BYTES = 256;
/** Reads a second that a limited rate is made of, at the least. */
const READS_PER_SECOND = 10;

/**
 * A way to a server on which every connection can be held back: from then on it reads what comes down at a rate, or not
 * at all, as a client does whose network or whose own work does not keep up. It reads raw sockets, below whatever
 * library a transport uses, so that it is the same for all; what it does not read fills the buffers of the kernel, then
 * the server. What goes up is passed on at once.
 */
export class SlowWay {
  readonly #bytesPerSecond: number;
  readonly #readBytes: number;
  readonly #servers: Server[] = [];
  readonly #connections = new Set<SlowConnection>();
  #isHeldBack = false;
  #timer: NodeJS.Timeout | undefined;
  #readByClosed = 0;

  private constructor(bytesPerSecond: number) {
    this.#bytesPerSecond = bytesPerSecond;
    const share = Math.ceil(bytesPerSecond / READS_PER_SECOND);
    this.#readBytes = bytesPerSecond === 0 ? FULL_READ_BYTES : clamp(share, MIN_READ_BYTES, FULL_READ_BYTES);
  }

  /** `bytesPerSecond`: of each connection while it is held back; 0: nothing is read. */
  static async open(
    urls: readonly string[],
    bytesPerSecond: number,
  ): Promise<{ way: SlowWay; urls: readonly string[] }> {
    const way = new SlowWay(bytesPerSecond);
    const slowUrls: string[] = [];
    for (const url of urls) slowUrls.push(await way.#listenFor(new URL(url)));
    return { way, urls: slowUrls };
  }

  /** From now on everything is read slowly, or not at all. */
  holdBack(): void {
    this.#isHeldBack = true;
    for (const connection of this.#connections) connection.holdBack(this.#bytesPerSecond);
  }

  holdBackIn(ms: number): void {
    this.#timer = setTimeout(() => this.holdBack(), ms);
  }

  /** Everything is read as it comes. */
  letGo(): void {
    clearTimeout(this.#timer);
    this.#isHeldBack = false;
    for (const connection of this.#connections) connection.letGo();
  }

  /** What it has read from the server, of all connections. */
  get readBytes(): number {
    let bytes = this.#readByClosed;
    for (const connection of this.#connections) bytes += connection.readBytes;
    return bytes;
  }

  /** Cuts what is still open. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    for (const connection of this.#connections) connection.cut();
    await Promise.all(
      this.#servers.map((server) => {
        server.close();
        return once(server, 'close');
      }),
    );
  }

  async #listenFor(url: URL): Promise<string> {
    const { hostname, port } = url;
    const server = createServer({ noDelay: true, allowHalfOpen: true }, (near) => {
      const connection = new SlowConnection(near, { host: hostname, port: Number(port) }, this.#readBytes);
      this.#connections.add(connection);
      if (this.#isHeldBack) connection.holdBack(this.#bytesPerSecond);
      connection.onEnd = () => {
        this.#readByClosed += connection.readBytes;
        this.#connections.delete(connection);
      };
    });
    this.#servers.push(server);
    server.listen({ host: '127.0.0.1', port: 0, backlog: 4_096 });
    await once(server, 'listening');
    return `${url.protocol}//127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
}

class SlowConnection {
  readonly #near: Socket;
  readonly #far: Socket;
  #bytesPerSecond = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  onEnd: () => void = () => {};

  constructor(near: Socket, target: { host: string; port: number }, readBytes: number) {
    this.#near = near;
    // With a buffer of its own a socket reads no more at once than fits into it, however much has come.
    const onread = {
      buffer: Buffer.allocUnsafe(readBytes),
      callback: (length: number, buffer: Uint8Array) => {
        near.write(Buffer.from(buffer.subarray(0, length)));
        return this.#mayReadOn(length);
      },
    };
    const far = connect({ ...target, noDelay: true, allowHalfOpen: true, onread });
    this.#far = far;
    near.on('data', (chunk) => far.write(chunk));
    near.on('end', () => far.end());
    far.on('end', () => near.end());
    // A reset, or an end without one: whoever is on the other side learns of it in the same way.
    near.on('error', () => far.resetAndDestroy());
    far.on('error', () => near.resetAndDestroy());
    near.on('close', () => far.destroySoon());
    far.on('close', () => {
      clearTimeout(this.#timer);
      near.destroySoon();
      this.onEnd();
    });
  }

  get readBytes(): number {
    return this.#far.bytesRead;
  }

  holdBack(bytesPerSecond: number): void {
    this.#bytesPerSecond = bytesPerSecond;
    if (bytesPerSecond === 0) this.#far.pause();
  }

  letGo(): void {
    clearTimeout(this.#timer);
    this.#bytesPerSecond = Number.POSITIVE_INFINITY;
    this.#far.resume();
  }

  cut(): void {
    this.#near.destroy();
    this.#far.destroy();
  }

  /** Whether to read on at once after so many bytes; else a timer sees to it. */
  #mayReadOn(length: number): boolean {
    const pauseMs = (1_000 * length) / this.#bytesPerSecond;
    if (pauseMs === 0) return true;
    if (Number.isFinite(pauseMs)) this.#timer = setTimeout(() => this.#far.resume(), pauseMs);
    return false;
  }
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
