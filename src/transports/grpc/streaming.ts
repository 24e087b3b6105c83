import type { Client, ClientDuplexStream, ClientReadableStream } from '@grpc/grpc-js';
import type { ConnectOptions } from '../transport.js';
import type { Exchange, ExchangeEvents } from './exchange.js';
import { Uplink } from './uplink.js';
import {
  authMetadata,
  bodyOf,
  type ChatMessage,
  chatMessage,
  identity,
  METHODS,
  requestMetadata,
  requestOf,
  streamRequest,
} from './wire.js';

/** Messages come in a call that stays open: server streaming, or bidirectional for a client that publishes. */
export class Streaming implements Exchange {
  readonly uplink: Uplink | undefined;
  readonly #call: ClientReadableStream<ChatMessage>;

  constructor(client: Client, options: ConnectOptions, events: ExchangeEvents) {
    if (options.publishes) {
      const chat = openChat(client, options);
      this.uplink = new Uplink(chat, options);
      this.#call = chat;
    } else {
      this.#call = openDownStream(client, options);
    }
    const { onMessage } = options;
    this.#call.on('data', (message: ChatMessage) => onMessage(bodyOf(message), message.id ?? 0));
    this.#call.once('metadata', () => events.onOpen());
    this.#call.once('status', (status) => events.onEnd(status));
    // Every error is a status too.
    this.#call.on('error', () => {});
  }

  silence(): void {
    this.#call.removeAllListeners('data');
  }

  cancel(): void {
    this.#call.cancel();
  }
}

function openChat(client: Client, options: ConnectOptions): ClientDuplexStream<Buffer, ChatMessage> {
  return client.makeBidiStreamRequest(METHODS.chat, identity, chatMessage.decode, requestMetadata(options));
}

function openDownStream(client: Client, options: ConnectOptions): ClientReadableStream<ChatMessage> {
  const request = requestOf(options.channels, options.since);
  const { encode } = streamRequest;
  const metadata = authMetadata(options);
  return client.makeServerStreamRequest(METHODS.streamMessages, encode, chatMessage.decode, request, metadata);
}
