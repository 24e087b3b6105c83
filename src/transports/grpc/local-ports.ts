import type { Socket } from 'node:net';

/** The library tells a call's peer and not where it came in; two listeners may have a peer's port in common. */
export class LocalPorts {
  /** By peer, then by local port. */
  readonly #byPeer = new Map<string, Map<number, Socket>>();

  add(socket: Socket): void {
    const { localPort } = socket;
    if (localPort === undefined) return;
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    const sockets = this.#byPeer.get(peer) ?? new Map<number, Socket>();
    this.#byPeer.set(peer, sockets.set(localPort, socket));
    socket.once('close', () => {
      sockets.delete(localPort);
      if (sockets.size === 0) this.#byPeer.delete(peer);
    });
  }

  /** The port a peer has come to; `undefined` where that is not certain. */
  of(peer: string): number | undefined {
    return this.socketOf(peer)?.localPort;
  }

  /** The connection of a peer; `undefined` where that is not certain. */
  socketOf(peer: string): Socket | undefined {
    const [socket, ...others] = this.#byPeer.get(peer)?.values() ?? [];
    return others.length === 0 ? socket : undefined;
  }
}
