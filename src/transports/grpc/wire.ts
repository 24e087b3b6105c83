import { fileURLToPath } from 'node:url';
import { Metadata } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { authHeaders } from '../credentials.js';
import type { ConnectOptions, Payload } from '../transport.js';

/**
 * Wire: `ChatService` of chat.proto. Bodies travel in `text` or `body`, by the run's payload, and are bytes on both
 * sides (`ChatMessageBytes`): to decode 200 bytes of text into a string and encode that again costs three times the
 * decoding of the message.
 */
// The path holds from the sources and from the build, which stand side by side.
const PROTO_PATH = fileURLToPath(new URL('../../../src/transports/grpc/chat.proto', import.meta.url));

const definitions = loadSync(PROTO_PATH, { longs: Number });

export interface ChatMessage {
  readonly text?: Uint8Array;
  readonly body?: Uint8Array;
  readonly id?: number;
  readonly channel?: string;
}

/** StreamRequest and GetRoomRequest. */
export interface Request {
  readonly channels?: readonly string[];
  readonly since?: number;
}

export interface Room {
  readonly messages?: readonly ChatMessage[];
  readonly last?: number;
  readonly more?: boolean;
}

export interface Summary {
  readonly count?: number;
}

export interface Codec<T> {
  /** Writes only the fields that are there. */
  readonly encode: (value: T) => Buffer;
  /** Fields that were not sent are missing. Bytes are views. Throws on a malformed message. */
  readonly decode: (bytes: Buffer) => T;
}

export const chatMessage = codecOf<ChatMessage>('ChatMessageBytes');
export const streamRequest = codecOf<Request>('StreamRequest');
export const roomRequest = codecOf<Request>('GetRoomRequest');
export const room = codecOf<Room>('RoomBytes');
export const summary = codecOf<Summary>('Summary');

export const METHODS = {
  getRoom: '/rtbench.v1.ChatService/GetRoom',
  streamMessages: '/rtbench.v1.ChatService/StreamMessages',
  sendBulkMessages: '/rtbench.v1.ChatService/SendBulkMessages',
  chat: '/rtbench.v1.ChatService/Chat',
} as const;

/** Metadata with the StreamRequest of a call whose messages go up. */
export const STREAM_REQUEST_KEY = 'stream-request-bin';

/** Trailing metadata of OUT_OF_RANGE: id of the oldest message that is kept, in decimal digits. */
export const OLDEST_ID_KEY = 'oldest-id';

/** How long in ms the end of a call or of a connection may take before it is forced. */
export const CLOSE_TIMEOUT_MS = 1_000;

const EMPTY = Buffer.alloc(0);

export function bodyOf({ text, body }: ChatMessage): Buffer {
  const bytes = text ?? body ?? EMPTY;
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The field that carries a body. None for an empty one: an explicit nothing costs bytes. */
export function bodyField(body: Uint8Array, payload: Payload): Pick<ChatMessage, 'text' | 'body'> {
  if (body.length === 0) return {};
  return payload === 'text' ? { text: body } : { body };
}

/** `since` null: from now on. */
export function requestOf(channels: readonly string[], since: number | null): Request {
  return since === null ? { channels } : { channels, since };
}

/** Metadata that says what a call whose messages go up is about. */
export function requestMetadata(options: Pick<ConnectOptions, 'channels' | 'since' | 'credentials'>): Metadata {
  const { channels, since } = options;
  const metadata = authMetadata(options);
  metadata.set(STREAM_REQUEST_KEY, streamRequest.encode(requestOf(channels, since)));
  return metadata;
}

/** Metadata that says who the client is, where it is asked. */
export function authMetadata({ credentials }: Pick<ConnectOptions, 'credentials'>): Metadata {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(authHeaders(credentials))) metadata.set(key, value);
  return metadata;
}

/** For a side of a method whose messages are encoded already. */
export function identity(bytes: Buffer): Buffer {
  return bytes;
}

function codecOf<T extends object>(name: string): Codec<T> {
  const definition = definitions[`rtbench.v1.${name}`];
  if (!definition || !isMessageType(definition)) throw new Error(`${PROTO_PATH}: no message ${name}`);
  return { encode: definition.serialize, decode: (bytes) => definition.deserialize(bytes) as T };
}

type Definition = NonNullable<(typeof definitions)[string]>;
type MessageType = Extract<Definition, { serialize: unknown; deserialize: unknown }>;

function isMessageType(definition: Definition): definition is MessageType {
  return 'deserialize' in definition && typeof definition.deserialize === 'function';
}
