import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type StatusObject,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import type { PartBytes, UncountedParts } from '../../metrics/byte-ledger.js';
import { isBearer } from '../credentials.js';
import { encodeOnce } from '../encode-once.js';
import { destroyAfterFarewell } from '../farewell.js';
import { PATIENCE } from '../heartbeat.js';
import { LastPolls } from '../last-polls.js';
import { watchSilence } from '../silence-watch.js';
import type { HubRead, Message, MountContext, ServerHalf } from '../transport.js';
import { LocalPorts } from './local-ports.js';
import {
  bodyField,
  bodyOf,
  type ChatMessage,
  CLOSE_TIMEOUT_MS,
  chatMessage,
  identity,
  METHODS,
  OLDEST_ID_KEY,
  type Request,
  room,
  roomRequest,
  STREAM_REQUEST_KEY,
  type Summary,
  streamRequest,
  summary,
} from './wire.js';

/** A client of Node 24 that reads a status and the session's end at once reports a drop instead of the status. */
const STATUS_LEAD_MS = 50;
/** Of gRPC, before each message on the wire. */
const PREFIX_BYTES = 5;
/** In a call that stays open, DATA frames are cut as bytes come by, and control frames go between them. */
const UNCOUNTED_OF_STREAMS = ['framing', 'flowControl'] as const;
const UNCOUNTED_OF_CALLS = ['headers', 'emptyPolls', 'flowControl'] as const;
/** Details of the status of a reader that is ended for being so. */
const TOO_SLOW = 'too slow: the server holds no more for this stream';
/** Room in a published message for what stands around its body. */
const MESSAGE_OVERHEAD_BYTES = 1_024;

export const serverHalf: ServerHalf = {
  mount(context) {
    const ports = new LocalPorts();
    const chat = new ChatService(context, ports);
    const pingMs = Number(context.settings.pingMs);
    // What goes down is encoded before the library gets it, once for all its readers.
    const server = new Server({
      'grpc.max_receive_message_length': context.limits.maxBodyBytes + MESSAGE_OVERHEAD_BYTES,
      'grpc.max_send_message_length': -1,
      'grpc.enable_channelz': 0,
    });
    server.register(METHODS.getRoom, chat.getRoom, identity, roomRequest.decode, 'unary');
    server.register(METHODS.streamMessages, chat.streamMessages, identity, streamRequest.decode, 'serverStream');
    server.register(METHODS.sendBulkMessages, chat.sendBulk, summary.encode, chat.decodeUp, 'clientStream');
    server.register(METHODS.chat, chat.chat, identity, chat.decodeUp, 'bidi');
    const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
    return {
      accept: 'socket',
      uncounted: chat.uncounted,
      alpn: 'h2',
      onSocket(socket) {
        ports.add(socket);
        if (pingMs > 0) {
          const endWatch = watchSilence(socket, PATIENCE * pingMs, () => socket.destroy());
          socket.once('close', endWatch);
        }
        chat.watch(socket);
        injector.injectConnection(socket);
      },
      async drain() {
        if (await chat.drain()) await delay(STATUS_LEAD_MS);
        await new Promise((resolve) => server.tryShutdown(resolve));
      },
      async close() {
        if (chat.endStreams() > 0) await delay(STATUS_LEAD_MS);
        const timeout = setTimeout(() => server.forceShutdown(), CLOSE_TIMEOUT_MS);
        await new Promise((resolve) => server.tryShutdown(resolve));
        clearTimeout(timeout);
      },
    };
  },
};

type DownStream = ServerWritableStream<Request, Buffer> | ServerDuplexStream<ChatMessage, Buffer>;
type UpStream = ServerReadableStream<ChatMessage, Summary> | ServerDuplexStream<ChatMessage, Buffer>;

class ChatService {
  readonly #context: MountContext;
  readonly #ports: LocalPorts;
  readonly #encodeMessage: (message: Message) => Buffer;
  readonly #encodeInRoom: (message: Message) => Buffer;
  /** With what ends each after everything that was published before. */
  readonly #downStreams = new Map<DownStream, () => void>();
  /** By `call.getPeer()`. */
  readonly #lastPolls = new LastPolls<string>();
  #onStreamsOver: () => void = () => {};
  /** Parts that take in what HTTP/2 adds: its library tells nothing of its frames. */
  readonly uncounted: UncountedParts;

  constructor(context: MountContext, ports: LocalPorts) {
    this.#context = context;
    this.#ports = ports;
    const { mode, pingMs } = context.settings;
    const silent = mode === 'unary' ? UNCOUNTED_OF_CALLS : UNCOUNTED_OF_STREAMS;
    const parts: UncountedParts['up'] = Number(pingMs) > 0 ? [...silent, 'heartbeats'] : silent;
    this.uncounted = { up: parts, down: parts };
    const fields = ({ id, body }: Message): ChatMessage => ({ ...bodyField(body, context.payload), id });
    this.#encodeMessage = encodeOnce((message) => chatMessage.encode(fields(message)));
    this.#encodeInRoom = encodeOnce((message) => room.encode({ messages: [fields(message)] }));
  }

  /** Ends every stream with status OK; returns how many there were. */
  endStreams(): number {
    for (const call of this.#downStreams.keys()) call.end();
    return this.#downStreams.size;
  }

  /** A connection has come in. */
  watch(socket: Socket): void {
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    socket.once('close', () => this.#lastPolls.delete(peer));
  }

  /**
   * Ends every stream after what was published before, and has every connection that polls answered once more. Resolves
   * to whether there were streams.
   */
  async drain(): Promise<boolean> {
    const streams = this.#downStreams.size;
    const over = new Promise<void>((resolve) => {
      this.#onStreamsOver = resolve;
    });
    for (const finish of this.#downStreams.values()) finish();
    if (this.#downStreams.size > 0) await over;
    await this.#lastPolls.drain();
    return streams > 0;
  }

  /** For a side of a method on which messages come up. */
  readonly decodeUp = (bytes: Buffer): ChatMessage => {
    const message = chatMessage.decode(bytes);
    count(this.#context.ledger.up, bodyOf(message).length, bytes);
    return message;
  };

  readonly getRoom = (call: ServerUnaryCall<Request, Buffer>, answer: sendUnaryData<Buffer>): void => {
    if (!this.#isAuthorized(call)) {
      answer(UNAUTHENTICATED);
      return;
    }
    const { channels = [], since } = call.request;
    const peer = call.getPeer();
    const read = this.#context.hub.read(channels, since ?? null, this.#ports.of(peer));
    this.#lastPolls.add(peer);
    if (this.#lastPolls.draining && (read.gap || !read.more)) this.#lastPolls.delete(peer);
    if (channels.length === 0) answer(invalid('GetRoomRequest.channels is empty: name at least one'));
    else if (read.gap) answer(gapStatus(read.oldestId));
    else answer(null, this.#encodeRoom(read));
  };

  #encodeRoom({ messages, last, more }: Extract<HubRead, { gap: false }>): Buffer {
    const { ledger } = this.#context;
    ledger.answered(messages.length);
    // Encodings of one message type put one after the other are the encoding of what they make together.
    const rest = room.encode({ ...(last > 0 && { last }), ...(more && { more }) });
    const encoded = Buffer.concat([...messages.map(this.#encodeInRoom), rest]);
    let payload = 0;
    for (const { body } of messages) payload += body.length;
    // What carries no message is no framing.
    if (messages.length > 0) count(ledger.down, payload, encoded);
    return encoded;
  }

  readonly streamMessages = (call: ServerWritableStream<Request, Buffer>): void => {
    if (!this.#isAuthorized(call)) call.emit('error', UNAUTHENTICATED);
    else this.#subscribe(call, call.request);
  };

  readonly chat = (call: ServerDuplexStream<ChatMessage, Buffer>): void => {
    if (!this.#isAuthorized(call)) {
      call.emit('error', UNAUTHENTICATED);
      return;
    }
    const request = requestIn(call.metadata);
    this.#subscribe(call, request);
    this.#receive(call, request, () => call.end());
  };

  readonly sendBulk = (call: ServerReadableStream<ChatMessage, Summary>, answer: sendUnaryData<Summary>): void => {
    if (!this.#isAuthorized(call)) {
      answer(UNAUTHENTICATED);
      return;
    }
    let count = 0;
    call.on('data', () => count++);
    this.#receive(call, requestIn(call.metadata), () => answer(null, { count }));
  };

  #isAuthorized({ metadata }: { readonly metadata: Metadata }): boolean {
    const { credentials } = this.#context;
    return !credentials || isBearer(metadata.get('authorization')[0], credentials.token);
  }

  #subscribe(call: DownStream, { channels = [], since }: Request): void {
    if (channels.length === 0) {
      call.emit('error', invalid(`the StreamRequest names no channel (metadata ${STREAM_REQUEST_KEY} of a Chat)`));
      return;
    }
    const { hub, limits, ledger } = this.#context;
    let waitingBytes = 0;
    let full = false;
    call.sendMetadata(new Metadata());
    const subscription = hub.subscribe(channels, since ?? null, {
      localPort: this.#ports.of(call.getPeer()),
      deliver: (message) => {
        const bytes = this.#encodeMessage(message);
        count(ledger.down, message.body.length, bytes);
        waitingBytes += bytes.length;
        // The library counts waiting messages, not their bytes, and calls 16 of them a full stream.
        call.write(bytes, () => {
          waitingBytes -= bytes.length;
          if (!full || waitingBytes > limits.maxBufferedBytes / 2) return;
          full = false;
          subscription.resume();
        });
        full = waitingBytes > limits.maxBufferedBytes;
        return !full;
      },
      gap: (oldestId) => call.emit('error', gapStatus(oldestId)),
      tooSlow: () => {
        call.emit('error', { code: status.RESOURCE_EXHAUSTED, details: TOO_SLOW });
        const socket = this.#ports.socketOf(call.getPeer());
        if (socket) call.once('cancelled', destroyAfterFarewell(socket));
      },
      waitingBytes: () => waitingBytes,
    });
    this.#downStreams.set(call, () => subscription.finish(() => call.end()));
    // Emitted at every end of a call, not only when the client cancels it.
    call.once('cancelled', () => {
      subscription.close();
      this.#downStreams.delete(call);
      if (this.#downStreams.size === 0) this.#onStreamsOver();
    });
  }

  #receive(call: UpStream, { channels = [] }: Request, onEnd: () => void): void {
    call.on('data', (message: ChatMessage) => {
      const channel = message.channel ?? channels[0];
      if (channel !== undefined) this.#context.hub.receive(channel, bodyOf(message));
      else call.emit('error', invalid(`no channel in the message and none in the metadata ${STREAM_REQUEST_KEY}`));
    });
    call.on('end', onEnd);
  }
}

/** Messages of bodies with `payload` bytes, encoded. */
function count(direction: PartBytes, payload: number, encoded: Buffer): void {
  direction.payload += payload;
  direction.framing += PREFIX_BYTES + encoded.length - payload;
}

function requestIn(metadata: Metadata): Request {
  const value = metadata.get(STREAM_REQUEST_KEY)[0];
  return Buffer.isBuffer(value) ? streamRequest.decode(value) : {};
}

const UNAUTHENTICATED: Partial<StatusObject> = { code: status.UNAUTHENTICATED, details: 'no valid token' };

function invalid(details: string): Partial<StatusObject> {
  return { code: status.INVALID_ARGUMENT, details };
}

function gapStatus(oldestId: number): Partial<StatusObject> {
  const metadata = new Metadata();
  metadata.set(OLDEST_ID_KEY, String(oldestId));
  return { code: status.OUT_OF_RANGE, details: `the history starts at ${oldestId}`, metadata };
}
