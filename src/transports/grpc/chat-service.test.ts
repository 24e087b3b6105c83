import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Client, type ClientReadableStream, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { loadSync, type ServiceDefinition } from '@grpc/proto-loader';
import { expect, test } from 'vitest';
import { openHttpBench } from '../../testing/http-bench.js';
import grpc from './index.js';

/** The service as any client sees it that has the .proto and nothing else. */
const definitions = loadSync(fileURLToPath(new URL('chat.proto', import.meta.url)), { longs: Number });
const { GetRoom, StreamMessages, SendBulkMessages, Chat } = definitions['rtbench.v1.ChatService'] as ServiceDefinition;

async function openForeign(options: Parameters<typeof openHttpBench>[1] = {}) {
  const bench = await openHttpBench(grpc, options);
  const client = new Client(new URL(bench.url).host, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
  });
  return {
    bench,
    client,
    [Symbol.asyncDispose]: () => {
      client.close();
      return bench.close();
    },
  };
}

/** Without its bytes read as anything. */
const raw = (bytes: Buffer) => bytes;

function metadataFor(request: object): Metadata {
  const metadata = new Metadata();
  metadata.set('stream-request-bin', StreamMessages?.requestSerialize(request) ?? '');
  return metadata;
}

function getRoom(client: Client, request: object): Promise<object | undefined> {
  if (!GetRoom) throw new Error('no GetRoom');
  const { path, requestSerialize, responseDeserialize } = GetRoom;
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error, room) =>
      error ? reject(error) : resolve(room),
    );
  });
}

function streamMessages<T>(client: Client, request: object, read: (bytes: Buffer) => T): ClientReadableStream<T> {
  if (!StreamMessages) throw new Error('no StreamMessages');
  return client.makeServerStreamRequest(StreamMessages.path, StreamMessages.requestSerialize, read, request);
}

function chat(client: Client, metadata: Metadata) {
  if (!Chat) throw new Error('no Chat');
  return client.makeBidiStreamRequest(Chat.path, Chat.requestSerialize, Chat.responseDeserialize, metadata);
}

function sendBulk(client: Client, metadata: Metadata, messages: readonly object[]): Promise<object | undefined> {
  if (!SendBulkMessages) throw new Error('no SendBulkMessages');
  const { path, requestSerialize, responseDeserialize } = SendBulkMessages;
  return new Promise((resolve, reject) => {
    const call = client.makeClientStreamRequest(path, requestSerialize, responseDeserialize, metadata, (error, sum) =>
      error ? reject(error) : resolve(sum),
    );
    for (const message of messages) call.write(message);
    call.end();
  });
}

async function take<T>(call: ClientReadableStream<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  while (taken.length < count) taken.push(...(await once(call, 'data')));
  call.on('error', () => {});
  call.cancel();
  return taken;
}

test('GetRoom: what came after a cursor, and where to go on', async () => {
  await using open = await openForeign();
  for (const text of ['one', 'two', 'three']) open.bench.publish(text);
  open.bench.publish('elsewhere', 'b');
  expect(await getRoom(open.client, { channels: ['a'], since: 1 })).toEqual({
    messages: [
      { text: 'two', id: 2 },
      { text: 'three', id: 3 },
    ],
    last: 4,
  });
  expect(await getRoom(open.client, { channels: ['a'] })).toEqual({ last: 4 });
  expect(await getRoom(open.client, { channels: ['b'], since: 0 })).toEqual({
    messages: [{ text: 'elsewhere', id: 4 }],
    last: 4,
  });
  expect(open.bench.answers).toEqual([2, 0, 1]);
});

test('GetRoom says when there is more', async () => {
  await using open = await openForeign({ limits: { maxAnswerMessages: 2 } });
  for (const text of ['one', 'two', 'three']) open.bench.publish(text);
  expect(await getRoom(open.client, { channels: ['a'], since: 0 })).toMatchObject({ last: 2, more: true });
});

test('StreamMessages: the backlog, then each message', async () => {
  await using open = await openForeign({ payload: 'binary' });
  open.bench.publish(Buffer.from([1]));
  open.bench.publish(Buffer.from([2]));
  const call = streamMessages(open.client, { channels: ['a'], since: 1 }, StreamMessages?.responseDeserialize ?? raw);
  const messages = take(call, 2);
  await once(call, 'metadata');
  open.bench.publish(Buffer.from([3]));
  expect(await messages).toEqual([
    { body: Buffer.from([2]), id: 2 },
    { body: Buffer.from([3]), id: 3 },
  ]);
  await open.bench.untilHub((hub) => hub.subscribed === 0);
});

test('SendBulkMessages: each is published, to the channel it names or to the first of the request', async () => {
  await using open = await openForeign();
  const messages = [{ text: 'to a' }, { body: Buffer.from('to b'), channel: 'b' }, {}];
  expect(await sendBulk(open.client, metadataFor({ channels: ['a', 'c'] }), messages)).toEqual({ count: 3 });
  const read = open.bench.hub.read(['a', 'b', 'c'], 0);
  expect(read.gap ? [] : read.messages.map(({ channel, body }) => `${channel}: ${body}`)).toEqual([
    'a: to a',
    'b: to b',
    'a: ',
  ]);
});

test('Chat: publishes and subscribes in one call, and ends when the caller has no more', async () => {
  await using open = await openForeign();
  const call = chat(open.client, metadataFor({ channels: ['a'] }));
  await once(call, 'metadata');
  call.write({ user: 'ann', text: 'hello', timestamp: 5 });
  expect(await once(call, 'data')).toEqual([{ text: 'hello', id: 1 }]);
  call.end();
  expect(await once(call, 'status')).toMatchObject([{ code: status.OK }]);
  await open.bench.untilHub((hub) => hub.subscribed === 0);
});

test.each([
  { payload: 'text', body: 'hi', bytes: [0x12, 2, 0x68, 0x69, 0x28, 1] },
  { payload: 'binary', body: 'hi', bytes: [0x22, 2, 0x68, 0x69, 0x28, 1] },
  { payload: 'text', body: '', bytes: [0x28, 1] },
  { payload: 'binary', body: '', bytes: [0x28, 1] },
] as const)('only what is set is written: $payload "$body"', async ({ payload, body, bytes }) => {
  await using open = await openForeign({ payload });
  const call = streamMessages(open.client, { channels: ['a'] }, raw);
  await once(call, 'metadata');
  open.bench.publish(body);
  expect(await take(call, 1)).toEqual([Buffer.from(bytes)]);
});

test.each([0, 20, 125, 126, 1_000, 16_000, 40_000])('exact bytes of a message of %i B in a stream', async (n) => {
  await using bench = await openHttpBench(grpc, { firstId: 100_000 });
  const client = await bench.connect();
  // The settings that both sides confirm once, after the first answer, are behind this message.
  bench.publish('first');
  await client.until(({ texts }) => texts.length === 1);
  const before = bench.door.sample().bytes.down;
  bench.publish('x'.repeat(n));
  await client.until(({ texts }) => texts.length === 2);
  const lengthBytes = n < 128 ? 1 : n < 16_384 ? 2 : 3;
  const messageBytes = (n === 0 ? 0 : 1 + lengthBytes + n) + 4;
  expect(bench.door.sample().bytes.down - before).toBe(messageBytes + 5 + 9 * Math.ceil((messageBytes + 5) / 16_384));
  await client.connection.close();
});

test.each([
  ['GetRoom', (client: Client) => getRoom(client, {})],
  ['StreamMessages', (client: Client) => once(streamMessages(client, {}, raw), 'data')],
  ['SendBulkMessages', (client: Client) => sendBulk(client, new Metadata(), [{ text: 'where to?' }])],
  ['Chat', (client: Client) => once(chat(client, new Metadata()), 'data')],
])('%s without a channel is an invalid argument', async (_, call) => {
  await using open = await openForeign();
  await expect(call(open.client)).rejects.toMatchObject({
    code: status.INVALID_ARGUMENT,
    details: expect.stringContaining('channel'),
  });
  expect(open.bench.hub.counts.received).toBe(0);
});

test.each([
  ['GetRoom', (client: Client) => getRoom(client, { channels: ['a'], since: 2 })],
  ['StreamMessages', (client: Client) => once(streamMessages(client, { channels: ['a'], since: 2 }, raw), 'data')],
  ['Chat', (client: Client) => once(chat(client, metadataFor({ channels: ['a'], since: 2 })), 'data')],
])('%s with a cursor older than the history is out of range', async (_, call) => {
  await using open = await openForeign({ historyMessages: 3 });
  for (let i = 1; i <= 10; i++) open.bench.publish(`${i}`);
  const error: ServiceError = await call(open.client).then(
    () => Promise.reject(new Error('no gap')),
    (reason) => reason,
  );
  expect(error).toMatchObject({ code: status.OUT_OF_RANGE, details: 'the history starts at 8' });
  expect(error.metadata.get('oldest-id')).toEqual(['8']);
});

test('a body above the limit is refused, and nothing is published', async () => {
  await using open = await openForeign({ limits: { maxBodyBytes: 100 } });
  const sending = sendBulk(open.client, metadataFor({ channels: ['a'] }), [{ text: 'x'.repeat(3_000) }]);
  await expect(sending).rejects.toMatchObject({ code: status.RESOURCE_EXHAUSTED });
  expect(open.bench.hub.counts.received).toBe(0);
});

test('a reader that does not read stops the server', async () => {
  await using open = await openForeign({ payload: 'binary', limits: { maxBufferedBytes: 256 * 1024 } });
  const call = streamMessages(open.client, { channels: ['a'] }, StreamMessages?.responseDeserialize ?? raw);
  await once(call, 'metadata');
  const count = 200;
  for (let i = 0; i < count; i++) {
    open.bench.publish(Buffer.alloc(65_536, i));
    await new Promise(setImmediate);
  }
  expect(open.bench.hub.counts.delivered).toBeLessThan(count);
  const messages = await take(call, count);
  expect(messages.map((message) => ('id' in message ? message.id : undefined))).toEqual(
    Array.from({ length: count }, (_, i) => i + 1),
  );
  expect(open.bench.hub.counts.delivered).toBe(count);
});

test('the server ends its streams when it closes', async () => {
  await using open = await openForeign();
  const call = streamMessages(open.client, { channels: ['a'] }, raw);
  await once(call, 'metadata');
  const ended = once(call.resume(), 'status');
  await open.bench.close();
  expect(await ended).toMatchObject([{ code: status.OK }]);
});
