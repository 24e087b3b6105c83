import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type { Credentials } from '../transports/credentials.js';
import type { Http2Mount, HttpMount, Mounted } from '../transports/transport.js';
import type { ServerIdentity } from './certificate.js';
import { HttpRoutes } from './http-routes.js';
import { type HttpServing, http1Server, http2Server } from './http-servers.js';
import { SocketBytes, type UpDown } from './socket-bytes.js';
import { tlsEntrance } from './tls-entrance.js';

/** Node's default of 511 makes thousands of clients connecting at once wait for a second try of their SYN. */
const BACKLOG = 4096;

export interface FrontDoorOptions {
  readonly mounts: readonly Mounted[];
  /** Addresses to listen on, each with ports of its own. */
  readonly addresses: readonly string[];
  /** Port of the HTTP listener; the others get the ones after it. 0: any free ones. */
  readonly port?: number;
  /** Have every technique over TLS, as this server; absent or `null`: in the clear. */
  readonly tls?: ServerIdentity | null;
  /** What HTTP requests to a mount have to show, or else get 401; of one that is not in it: nothing. */
  readonly credentials?: ReadonlyMap<Mounted, Credentials>;
  /** Further doors, on free ports of the first address: they lead to the same and tell apart who comes in. */
  readonly sideDoors?: number;
  /** Called for each connection as it is accepted. */
  readonly onAccept?: (() => void) | undefined;
}

/** What has crossed since the door opened. */
export interface DoorSample {
  /** TCP payload of all sockets. */
  readonly bytes: UpDown;
  /** What TLS takes of it: handshakes, and what its records add to their content. 0 in the clear. */
  readonly tls: UpDown;
  readonly sockets: { readonly accepted: number; readonly open: number };
  readonly requests: number;
}

/** What became of the connections of a door that drained. */
export interface DrainOutcome {
  /** Connections there were. */
  readonly open: number;
  /** Of these, how many had not ended when the time was up, and were cut. */
  readonly cut: number;
}

/** Where sockets go that come in at a port. */
interface Entrance {
  readonly mounts: readonly Mounted[];
  /** What its URLs begin with. */
  readonly scheme: 'http://' | 'https://' | 'tcp://' | 'tls://';
  readonly serve: (socket: Socket) => void;
}

/**
 * Accepts every technique socket of the reference server and counts its bytes where they cross into TCP, before TLS or
 * any library sees them. Mounts that speak HTTP/1.1 share one port, as do those that speak HTTP/2; each other mount has
 * one of its own.
 */
export class FrontDoor {
  readonly #entrances: readonly Entrance[];
  readonly #routes: readonly HttpRoutes[];
  readonly #mounts: readonly Mounted[];
  readonly #http: readonly HttpServing[];
  readonly #servers: Server[] = [];
  readonly #raw = new SocketBytes();
  /** The same connections above TLS. */
  readonly #decrypted = new SocketBytes();
  readonly #isSecure: boolean;
  readonly #onAccept: (() => void) | undefined;
  #accepted = 0;
  /** Base URLs by mount. */
  readonly urls = new Map<Mounted, string[]>();
  /** For each side door, the base URL of each mount. */
  readonly sideDoors: Map<Mounted, string>[] = [];

  private constructor({ mounts, tls = null, credentials, onAccept }: FrontDoorOptions) {
    this.#mounts = mounts;
    this.#onAccept = onAccept;
    const http1 = mounts.filter((mount): mount is HttpMount => mount.accept === 'http1');
    const http2 = mounts.filter((mount): mount is Http2Mount => mount.accept === 'http2');
    const routes1 = new HttpRoutes(http1, credentials);
    const routes2 = new HttpRoutes(http2, credentials);
    this.#routes = [routes1, routes2];
    this.#isSecure = tls !== null;
    const behindTls = (alpn: string | undefined, serve: Entrance['serve']) => {
      if (!tls) return serve;
      return tlsEntrance(tls, alpn, (socket) => {
        this.#decrypted.add(socket);
        serve(socket);
      });
    };
    const http = tls ? 'https://' : 'http://';
    const [http1Serving, http2Serving] = [http1Server(routes1), http2Server(routes2)];
    this.#http = [http1Serving, http2Serving];
    this.#entrances = [
      { mounts: http1, scheme: http, serve: behindTls('http/1.1', http1Serving.serve) },
      { mounts: http2, scheme: http, serve: behindTls('h2', http2Serving.serve) },
      ...mounts.flatMap((mount): Entrance[] => {
        if (mount.accept !== 'socket') return [];
        return [{ mounts: [mount], scheme: tls ? 'tls://' : 'tcp://', serve: behindTls(mount.alpn, mount.onSocket) }];
      }),
    ];
  }

  /** Rejects when a port is in use; then nothing listens, and the mounts are closed. */
  static async open(options: FrontDoorOptions): Promise<FrontDoor> {
    const { addresses, port = 0, sideDoors = 0 } = options;
    const door = new FrontDoor(options);
    try {
      for (const address of addresses) {
        await door.#listenAt(address, port, (mount, url) =>
          door.urls.set(mount, [...(door.urls.get(mount) ?? []), url]),
        );
      }
      for (let index = 0; index < sideDoors; index++) {
        const urls = new Map<Mounted, string>();
        await door.#listenAt(addresses[0] ?? '127.0.0.1', 0, (mount, url) => urls.set(mount, url));
        door.sideDoors.push(urls);
      }
    } catch (error) {
      await door.close();
      throw error;
    }
    return door;
  }

  /**
   * What has crossed since the door opened. Bytes that wait in this process to be written are not counted (over TLS
   * only those that are not encrypted yet); of a connection that was cut in the middle of a write, the whole write is.
   */
  sample(): DoorSample {
    const bytes = this.#raw.sum();
    const decrypted = this.#decrypted.sum();
    return {
      bytes,
      tls: this.#isSecure ? { up: bytes.up - decrypted.up, down: bytes.down - decrypted.down } : { up: 0, down: 0 },
      sockets: { accepted: this.#accepted, open: this.#raw.open.size },
      requests: this.#routes.reduce((sum, { requests }) => sum + requests, 0),
    };
  }

  /** What was written so far, and does not wait in this process, of the open connections that came in by these ports. */
  writtenBy(ports: ReadonlySet<number>): number {
    let bytes = 0;
    for (const socket of this.#raw.open) {
      if (ports.has(socket.localPort ?? 0)) bytes += socket.bytesWritten - socket.writableLength;
    }
    return bytes;
  }

  /** Resolves when no connection is open, and what listens to their ends has heard of it; after `timeoutMs` in any case. */
  async untilAllClosed(timeoutMs: number): Promise<void> {
    await Promise.race([this.#allClosed(), delay(timeoutMs, undefined, { ref: false })]);
    await nextTurn();
  }

  /**
   * Accepts nobody any more and lets every technique say farewell to its clients; what is open after `deadlineMs` is
   * cut. A technique that knows no farewell is closed.
   */
  async drain(deadlineMs: number): Promise<DrainOutcome> {
    const open = this.#raw.open.size;
    void this.#stopListening();
    const inGoodOrder = async () => {
      await Promise.all(this.#mounts.map((mount) => mount.drain?.() ?? mount.close()));
      for (const serving of this.#http) serving.endConnections();
      await this.#allClosed();
    };
    const deadline = new AbortController();
    const late = delay(deadlineMs, undefined, { signal: deadline.signal }).catch(() => {});
    // Clients that leave by themselves end it too.
    await Promise.race([inGoodOrder(), this.#allClosed(), late]);
    deadline.abort();
    const cut = this.#raw.open.size;
    this.destroySockets();
    await nextTurn();
    return { open, cut };
  }

  /**
   * Resets a share of the open connections, drawn among them in the order in which they were accepted. What waits to be
   * written or read is lost. Returns how many.
   */
  cut(share: number, draw: () => number): number {
    const open = [...this.#raw.open];
    const count = Math.round(share * open.length);
    for (let picked = 0; picked < count; picked++) {
      const at = picked + Math.floor(draw() * (open.length - picked));
      const socket = open[at];
      if (socket === undefined) break;
      open[at] = open[picked] ?? socket;
      socket.resetAndDestroy();
    }
    return count;
  }

  /** Cuts every connection, as a server that dies does. */
  destroySockets(): void {
    for (const socket of this.#raw.open) socket.destroy();
  }

  /** Ends the techniques, then whatever is still open. */
  async close(): Promise<void> {
    const closed = this.#stopListening();
    await Promise.all(this.#mounts.map((mount) => mount.close()));
    this.destroySockets();
    await closed;
  }

  /** Resolves when all connections are closed too. */
  async #stopListening(): Promise<void> {
    await Promise.all(this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  }

  /** Resolves when none of the connections there are now is open. */
  async #allClosed(): Promise<void> {
    await Promise.all([...this.#raw.open].map((socket) => new Promise((resolve) => socket.once('close', resolve))));
  }

  /** A listener for each entrance that anything is mounted at; the first keeps its port where nothing is. */
  async #listenAt(address: string, port: number, onUrl: (mount: Mounted, url: string) => void): Promise<void> {
    let next = port;
    for (const [index, { mounts, scheme, serve }] of this.#entrances.entries()) {
      if (mounts.length === 0) continue;
      if (port > 0 && index > 0) next++;
      const url = `${scheme}${await this.#listen(address, next, serve)}`;
      for (const mount of mounts) onUrl(mount, url);
    }
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
    this.#onAccept?.();
    this.#raw.add(socket);
    // A peer that resets a connection must not end the server, whoever holds the socket by then.
    socket.on('error', () => socket.destroy());
  }
}
