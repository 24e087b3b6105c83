import { createServer as createHttpServer, type Server as HttpServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type { Mounted } from '../transports/transport.js';

/** Node's default of 511 makes thousands of clients connecting at once wait for a second try of their SYN. */
const BACKLOG = 4096;

export interface FrontDoorOptions {
  readonly mounts: readonly Mounted[];
  /** Addresses to listen on, each with ports of its own. */
  readonly addresses: readonly string[];
  /** Port of the HTTP listener; the others get the ones after it. 0: any free ones. */
  readonly port?: number;
}

/**
 * Accepts every technique socket of the reference server and counts its bytes where they cross into TCP, before any
 * library sees them. Mounts that speak HTTP/1.1 share one port; each other mount has one of its own.
 */
export class FrontDoor {
  readonly #http: HttpServer | undefined;
  readonly #mounts: readonly Mounted[];
  readonly #servers: Server[] = [];
  readonly #open = new Set<Socket>();
  readonly #closedBytes = { up: 0, down: 0 };
  #accepted = 0;
  #requests = 0;
  /** Base URLs by mount. */
  readonly urls = new Map<Mounted, string[]>();

  private constructor(mounts: readonly Mounted[]) {
    this.#mounts = mounts;
    if (mounts.some((mount) => mount.accept === 'http1')) this.#http = this.#createHttp();
  }

  /** Rejects when a port is in use; then nothing listens, and the mounts are closed. */
  static async open({ mounts, addresses, port = 0 }: FrontDoorOptions): Promise<FrontDoor> {
    const door = new FrontDoor(mounts);
    try {
      for (const address of addresses) await door.#listenAt(address, port);
    } catch (error) {
      await door.close();
      throw error;
    }
    return door;
  }

  /**
   * What has crossed since the door opened. Bytes that wait in this process to be written are not counted; of a
   * connection that was cut in the middle of a write, the whole write is.
   */
  sample(): { bytes: { up: number; down: number }; sockets: { accepted: number; open: number }; requests: number } {
    let { up, down } = this.#closedBytes;
    for (const socket of this.#open) {
      up += socket.bytesRead;
      down += socket.bytesWritten - socket.writableLength;
    }
    return {
      bytes: { up, down },
      sockets: { accepted: this.#accepted, open: this.#open.size },
      requests: this.#requests,
    };
  }

  /** Resolves when no connection is open, and what listens to their ends has heard of it; after `timeoutMs` in any case. */
  async untilAllClosed(timeoutMs: number): Promise<void> {
    const closed = [...this.#open].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    await Promise.race([Promise.all(closed), delay(timeoutMs, undefined, { ref: false })]);
    await nextTurn();
  }

  /** Cuts every connection, as a server that dies does. */
  destroySockets(): void {
    for (const socket of this.#open) socket.destroy();
  }

  /** Ends the techniques, then whatever is still open. */
  async close(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    await Promise.all(this.#mounts.map((mount) => mount.close()));
    this.destroySockets();
    await Promise.all(closed);
  }

  /** A listener for HTTP, if any mount speaks it, and one for each other mount. */
  async #listenAt(address: string, port: number): Promise<void> {
    const http = this.#http;
    if (http) {
      const url = `http://${await this.#listen(address, port, (socket) => http.emit('connection', socket))}`;
      for (const mount of this.#mounts) if (mount.accept === 'http1') this.#addUrl(mount, url);
    }
    let next = port;
    for (const mount of this.#mounts) {
      if (mount.accept !== 'socket') continue;
      if (port > 0) next++;
      this.#addUrl(mount, `tcp://${await this.#listen(address, next, mount.onSocket)}`);
    }
  }

  #addUrl(mount: Mounted, url: string): void {
    this.urls.set(mount, [...(this.urls.get(mount) ?? []), url]);
  }

  #listen(address: string, port: number, serve: (socket: Socket) => void): Promise<string> {
    const server = createServer({ noDelay: true }, (socket) => {
      this.#count(socket);
      serve(socket);
    });
    this.#servers.push(server);
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: address, port, backlog: BACKLOG }, () => {
        server.off('error', reject);
        resolve(`${address}:${(server.address() as AddressInfo).port}`);
      });
    });
  }

  #count(socket: Socket): void {
    this.#accepted++;
    this.#open.add(socket);
    // A peer that resets a connection must not end the server, whoever holds the socket by then.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      this.#open.delete(socket);
      this.#closedBytes.up += socket.bytesRead;
      this.#closedBytes.down += socket.bytesWritten - socket.writableLength;
    });
  }

  #createHttp(): HttpServer {
    // A reader may stay silent for longer than any default of Node allows: intervals and holds are the technique's.
    const server = createHttpServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 60_000, noDelay: true });
    server.timeout = 0;
    server.on('request', (request, response) => {
      this.#requests++;
      const url = urlOf(request);
      const handle = url && this.#find((mount) => mount.routes[`${request.method} ${url.pathname}`]);
      if (handle) handle(request, response, url);
      else {
        response.writeHead(url ? 404 : 400, { 'Content-Type': 'text/plain', Connection: 'close' });
        response.end(`nothing at ${request.method} ${url?.pathname ?? request.url}\n`);
      }
    });
    server.on('upgrade', (request, socket, head) => {
      this.#requests++;
      const url = urlOf(request);
      const upgrade = url && this.#find((mount) => mount.upgrades?.[url.pathname]);
      if (upgrade) upgrade(request, socket as Socket, head, url);
      else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    });
    server.on('clientError', (_error, socket) => {
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
      else socket.destroy();
    });
    return server;
  }

  #find<T>(pick: (mount: Mounted & { accept: 'http1' }) => T | undefined): T | undefined {
    for (const mount of this.#mounts) {
      const found = mount.accept === 'http1' ? pick(mount) : undefined;
      if (found) return found;
    }
    return undefined;
  }
}

/** `undefined` where the target of a request is none, such as `//`. */
function urlOf({ url = '/' }: IncomingMessage): URL | undefined {
  return URL.canParse(url, 'http://localhost') ? new URL(url, 'http://localhost') : undefined;
}
