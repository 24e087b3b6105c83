import type { ClientWritableStream, StatusObject } from '@grpc/grpc-js';
import type { ConnectOptions } from '../transport.js';
import { bodyField, CLOSE_TIMEOUT_MS, chatMessage } from './wire.js';

/** A call whose messages go up, already encoded. */
export class Uplink {
  readonly #call: ClientWritableStream<Buffer>;
  readonly #options: ConnectOptions;

  constructor(call: ClientWritableStream<Buffer>, options: ConnectOptions) {
    this.#call = call;
    this.#options = options;
  }

  /** Messages that have not left this process. */
  get waiting(): number {
    return this.#call.writableLength;
  }

  /** Encodes at once: the body is the caller's again. */
  send(channel: string, body: Uint8Array): void {
    const { channels, payload } = this.#options;
    const fields = bodyField(body, payload);
    this.#call.write(chatMessage.encode(channel === channels[0] ? fields : { ...fields, channel }));
  }

  /** Sends what waits, tells the server that this was all, and resolves when the call is over, or after a while. */
  async finish(): Promise<void> {
    const over = new Promise<StatusObject>((resolve) => this.#call.once('status', resolve));
    const timeout = setTimeout(() => this.#call.cancel(), CLOSE_TIMEOUT_MS);
    this.#call.end();
    await over;
    clearTimeout(timeout);
  }
}
