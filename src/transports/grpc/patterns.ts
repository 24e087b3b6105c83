import { once } from 'node:events';
import {
  type ClientDuplexStream,
  type ClientReadableStream,
  type ClientWritableStream,
  credentials,
  loadPackageDefinition,
  Metadata,
  type requestCallback,
  type ServiceClientConstructor,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { Pattern, PatternVisit } from '../inspection.js';
import { PROTO_PATH } from './proto-fields.js';
import { requestOf, STREAM_REQUEST_KEY, streamRequest } from './wire.js';

interface ChatMessage {
  readonly text: string;
}

interface Room {
  readonly last: number;
}

/** The service's client, as the library makes it of chat.proto. */
interface ChatClient {
  GetRoom(request: object, answer: requestCallback<Room>): unknown;
  StreamMessages(request: object): ClientReadableStream<ChatMessage>;
  SendBulkMessages(metadata: Metadata, answer: requestCallback<object>): ClientWritableStream<ChatMessage>;
  Chat(metadata: Metadata): ClientDuplexStream<ChatMessage, ChatMessage>;
  close(): void;
}

/** The four patterns of the guide, each by the method of ChatService that has it. */
export const patterns: Readonly<Record<string, Pattern>> = {
  unary: {
    summary: 'unary, GetRoom: one request, one answer; asked twice, the second time there is nothing new',
    run: (visit) => withClient(visit, getRoom),
  },
  server: {
    summary: 'server streaming, StreamMessages: one request, a stream of answers, which the client cancels',
    run: (visit) => withClient(visit, streamMessages),
  },
  client: {
    summary: 'client streaming, SendBulkMessages: a stream of requests, one answer at its end',
    run: (visit) => withClient(visit, sendBulkMessages),
  },
  bidi: {
    summary: 'bidirectional streaming, Chat: both sides stream at the same time, until the client has no more to say',
    run: (visit) => withClient(visit, chat),
  },
};

async function withClient(visit: PatternVisit, talk: (client: ChatClient, visit: PatternVisit) => Promise<void>) {
  const definition = loadPackageDefinition(loadSync(PROTO_PATH, { keepCase: true, longs: Number, defaults: true }));
  const Service = serviceIn(definition);
  const { host } = new URL(visit.url);
  const client = new Service(host, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_retries': 0,
    'grpc.enable_http_proxy': 0,
  });
  try {
    await talk(client as unknown as ChatClient, visit);
  } finally {
    client.close();
  }
}

function serviceIn(definition: ReturnType<typeof loadPackageDefinition>): ServiceClientConstructor {
  const { rtbench } = definition as unknown as { rtbench: { v1: { ChatService: ServiceClientConstructor } } };
  return rtbench.v1.ChatService;
}

async function getRoom(client: ChatClient, { channel, since, publish, signal }: PatternVisit): Promise<void> {
  const ask = (after: number | null) =>
    new Promise<Room>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      client.GetRoom(requestOf([channel], after), (error, room) => (room ? resolve(room) : reject(error)));
    });
  publish();
  const { last } = await ask(since);
  await ask(last);
}

async function streamMessages(client: ChatClient, visit: PatternVisit): Promise<void> {
  const { channel, since, publish, signal } = visit;
  const call = client.StreamMessages(requestOf([channel], since));
  await once(call, 'metadata', { signal });
  await received(call, publish, signal);
  const over = once(call, 'error');
  call.cancel();
  await over;
}

async function sendBulkMessages(client: ChatClient, { channel, bodies, signal }: PatternVisit): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
    const call = client.SendBulkMessages(about(channel, null), (error) => (error ? reject(error) : resolve()));
    for (const body of bodies) call.write({ text: String(body) });
    call.end();
  });
}

async function chat(client: ChatClient, { channel, since, bodies, publish, signal }: PatternVisit): Promise<void> {
  const call = client.Chat(about(channel, since));
  await once(call, 'metadata', { signal });
  for (const body of bodies) call.write({ text: String(body) });
  await received(call, publish, signal);
  const over = once(call, 'status', { signal });
  call.end();
  await over;
}

/** Has the messages published, and waits for them. */
async function received(
  call: ClientReadableStream<ChatMessage>,
  publish: () => number,
  signal: AbortSignal,
): Promise<void> {
  let count = 0;
  await new Promise<void>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
    call.once('error', reject);
    call.on('data', () => {
      count++;
      if (count === wanted) resolve();
    });
    const wanted = publish();
    if (wanted === 0) resolve();
  });
}

function about(channel: string, since: number | null): Metadata {
  const metadata = new Metadata();
  metadata.set(STREAM_REQUEST_KEY, streamRequest.encode(requestOf([channel], since)));
  return metadata;
}
