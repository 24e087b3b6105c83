import {
  type Client,
  type ClientUnaryCall,
  type ClientWritableStream,
  connectivityState,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { pausesBetweenPolls } from '../short-polling/poll-times.js';
import type { ConnectOptions } from '../transport.js';
import type { Exchange, ExchangeEvents } from './exchange.js';
import { Uplink } from './uplink.js';
import {
  authMetadata,
  bodyOf,
  identity,
  METHODS,
  type Room,
  requestMetadata,
  requestOf,
  room,
  roomRequest,
  summary,
} from './wire.js';

/** The client asks for what is new at fixed times, and publishes by client streaming. */
export class Polling implements Exchange {
  readonly uplink: Uplink | undefined;
  readonly #client: Client;
  readonly #options: ConnectOptions;
  readonly #events: ExchangeEvents;
  readonly #pauseMs: () => number;
  #state: 'opening' | 'open' | 'silent' = 'opening';
  #cursor: number | null;
  #timer: NodeJS.Timeout | undefined;
  #request: ClientUnaryCall | undefined;
  readonly #publishing: ClientWritableStream<Buffer> | undefined;

  constructor(client: Client, options: ConnectOptions, events: ExchangeEvents) {
    this.#client = client;
    this.#options = options;
    this.#events = events;
    const intervalMs = Number(options.settings.intervalMs);
    const times = { startMs: performance.now(), intervalMs, phase: options.phase };
    this.#pauseMs = pausesBetweenPolls(times, () => performance.now());
    this.#cursor = options.since;
    if (options.publishes) {
      this.#publishing = this.#openPublishing();
      this.uplink = new Uplink(this.#publishing, options);
    }
    this.#ask();
  }

  silence(): void {
    this.#state = 'silent';
    clearTimeout(this.#timer);
    this.#request?.cancel();
  }

  cancel(): void {
    this.#publishing?.cancel();
  }

  #openPublishing(): ClientWritableStream<Buffer> {
    const metadata = requestMetadata(this.#options);
    const { sendBulkMessages } = METHODS;
    const call = this.#client.makeClientStreamRequest(sendBulkMessages, identity, summary.decode, metadata, (error) => {
      if (error) this.#events.onEnd(error);
    });
    // The callback has it.
    call.on('error', () => {});
    return call;
  }

  #ask(): void {
    const request = requestOf(this.#options.channels, this.#cursor);
    const { encode } = roomRequest;
    const onAnswer = (error: ServiceError | null, answer?: Room) => {
      if (error) this.#events.onEnd(error);
      else if (answer) this.#take(answer);
    };
    const metadata = authMetadata(this.#options);
    this.#request = this.#client.makeUnaryRequest(METHODS.getRoom, encode, room.decode, request, metadata, onAnswer);
  }

  #take({ messages = [], last = 0, more = false }: Room): void {
    this.#cursor = last;
    for (const message of messages) {
      if (this.#state === 'silent') return;
      this.#options.onMessage(bodyOf(message), message.id ?? 0);
    }
    if (this.#state === 'opening') this.#open();
    if (this.#state === 'silent') return;
    if (more) this.#ask();
    else this.#timer = setTimeout(() => this.#ask(), this.#pauseMs());
  }

  #open(): void {
    this.#state = 'open';
    // Between two requests no call tells of a lost connection, and the library would quietly make a new one.
    const channel = this.#client.getChannel();
    const onLost = () =>
      this.#events.onEnd({ code: status.UNAVAILABLE, details: 'the connection is lost', metadata: new Metadata() });
    this.#events.onOpen();
    if (channel.getConnectivityState(false) !== connectivityState.READY) onLost();
    else channel.watchConnectivityState(connectivityState.READY, Number.POSITIVE_INFINITY, onLost);
  }
}
