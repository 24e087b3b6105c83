import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { Link } from '../../protocol/link.js';
import type { FromPage, ToPage } from './page-messages.js';

export type PageLink = Link<ToPage, FromPage>;

const ARRIVAL_MS = 20_000;

/** Where pages report to this process; on loopback, to whoever knows the address. */
export class PageHall {
  readonly #server: WebSocketServer;

  static async open(): Promise<PageHall> {
    const hall = new PageHall();
    await once(hall.#server, 'listening');
    return hall;
  }

  private constructor() {
    this.#server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  }

  /** A place for one page: the address to give it, and its link once it has come. */
  expect(): { readonly address: string; readonly link: Promise<PageLink> } {
    const path = `/${randomUUID()}`;
    const link = new Promise<PageLink>((resolve, reject) => {
      const timer = setTimeout(
        () => settle(new Error(`a page did not report within ${ARRIVAL_MS / 1_000} s`)),
        ARRIVAL_MS,
      );
      const onConnection = (socket: WebSocket, { url }: { url?: string | undefined }) => {
        if (url === path) settle(linkOver(socket));
      };
      const settle = (result: PageLink | Error) => {
        clearTimeout(timer);
        this.#server.off('connection', onConnection);
        if (result instanceof Error) reject(result);
        else resolve(result);
      };
      this.#server.on('connection', onConnection);
    });
    return { address: `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`, link };
  }

  async close(): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }
}

function linkOver(socket: WebSocket): PageLink {
  socket.on('error', () => socket.terminate());
  // A page speaks as soon as it has come, which may be before anybody listens.
  socket.pause();
  return {
    send(message) {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    onMessage(handle) {
      socket.on('message', (data) => handle(JSON.parse(String(data)) as FromPage));
      socket.resume();
    },
    onClose: (handle) => socket.once('close', handle),
  };
}
