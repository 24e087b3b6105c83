import type { Socket } from 'node:net';

/** The library tells a call's peer and not where it came in; two listeners may have a peer's port in common. */
export class LocalPorts {
  readonly #byPeer = new Map<string, Set<number>>();

  add(socket: Socket): void {
    const { localPort } = socket;
    if (localPort === undefined) return;
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    const ports = this.#byPeer.get(peer) ?? new Set();
    this.#byPeer.set(peer, ports.add(localPort));
    socket.once('close', () => {
      ports.delete(localPort);
      if (ports.size === 0) this.#byPeer.delete(peer);
    });
  }

  /** The port a peer has come to; `undefined` where that is not certain. */
  of(peer: string): number | undefined {
    const [port, ...others] = this.#byPeer.get(peer) ?? [];
    return others.length === 0 ? port : undefined;
  }
}
