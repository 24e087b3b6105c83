import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { inTime, type Peer, Unmet } from '../conformance.js';
import { type CallOptions, call, type Opened } from './upgrade.js';

/** Most that is taken in all. */
const MAX_TAKEN_BYTES = 16 * 1024 * 1024;

/** A WebSocket client that shows what a server does with it, frame by frame. */
export class Caller {
  readonly #peer: Peer;
  readonly #socket: WebSocket;
  readonly #raw: Socket;
  readonly #frames: string[] = [];
  readonly #closed: Promise<{ readonly code: number; readonly reason: string }>;
  #hasClosed = false;
  #failure: Error | null = null;
  #pinged = false;
  #takenBytes = 0;
  #onChange: () => void = () => {};
  sawBinary = false;

  /** @throws Unmet where the server does not upgrade. */
  static async open(peer: Peer, options: CallOptions): Promise<Caller> {
    const { socket, opened } = call(peer, options);
    const outcome = await opened;
    if (typeof outcome === 'number') throw new Unmet(`the upgrade was answered with ${outcome}, not 101`);
    return new Caller(peer, socket, outcome);
  }

  private constructor(peer: Peer, socket: WebSocket, { raw, early }: Opened) {
    this.#peer = peer;
    this.#socket = socket;
    this.#raw = raw;
    socket.off('message', early.take);
    const onMessage = (frame: Buffer, isBinary: boolean) => {
      this.sawBinary ||= isBinary;
      this.#takenBytes += frame.length;
      if (this.#takenBytes > MAX_TAKEN_BYTES) {
        this.#failure ??= new Error(`more than ${MAX_TAKEN_BYTES} bytes came`);
        socket.terminate();
        return;
      }
      this.#frames.push(String(frame));
      this.#onChange();
    };
    for (const { frame, isBinary } of early.taken) onMessage(frame, isBinary);
    socket.on('message', onMessage);
    socket.on('ping', () => {
      this.#pinged = true;
      this.#onChange();
    });
    socket.on('error', (error) => {
      this.#failure ??= error;
    });
    this.#closed = new Promise((resolve) => {
      const done = (code: number, reason: string) => {
        this.#hasClosed = true;
        resolve({ code, reason });
        this.#onChange();
      };
      if (early.closed) done(early.closed.code, early.closed.reason);
      socket.on('close', (code, reason) => done(code, String(reason)));
    });
  }

  get protocol(): string {
    return this.#socket.protocol;
  }

  send(body: string, { fin = true }: { readonly fin?: boolean } = {}): void {
    this.#socket.send(body, { fin });
  }

  /** Bytes as they are, past the library. */
  write(bytes: Buffer): void {
    this.#raw.write(bytes);
  }

  close(code: number): void {
    this.#socket.close(code);
  }

  /** The next frames. */
  async take(count: number): Promise<readonly string[]> {
    const what = count === 1 ? 'a frame' : `${count} frames`;
    await inTime(
      this.#peer,
      what,
      this.#until(() => this.#frames.length >= count),
    );
    return this.#frames.splice(0, count);
  }

  /** The next frame; `null`: the server closed before there was one. */
  async nextBeforeClose(): Promise<string | null> {
    const either = this.#until(() => this.#frames.length > 0 || this.#hasClosed);
    await inTime(this.#peer, 'a frame or a close', either);
    return this.#frames.shift() ?? null;
  }

  /** Code and reason of the server's close frame; 1006: there was none. */
  async closed(): Promise<{ readonly code: number; readonly reason: string }> {
    return inTime(this.#peer, 'the close', this.#closed);
  }

  /** The content of the pong. */
  async pong(content: string): Promise<string> {
    const ponged = new Promise<string>((resolve) => this.#socket.once('pong', (data) => resolve(String(data))));
    this.#socket.ping(content);
    return inTime(this.#peer, 'the pong', ponged);
  }

  /** Whether a ping came by then. */
  async ping(withinMs: number): Promise<boolean> {
    return Promise.race([this.#until(() => this.#pinged).then(() => true), delay(withinMs, false)]);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #until(condition: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#onChange = () => {
        if (condition()) resolve();
        else if (this.#hasClosed)
          reject(new Unmet(`the connection closed${this.#failure ? ` (${this.#failure.message})` : ''}`));
      };
      this.#onChange();
    });
  }
}
