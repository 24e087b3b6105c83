import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openScriptedServer } from '../../testing/scripted-server.js';
import { HttpClient } from '../http/http-client.js';
import { ChunkReader, eventFetch } from './event-fetch.js';

test('a chunk goes straight to a read that waits for it', async () => {
  const reader = new ChunkReader();
  const read = reader.read();
  expect(reader.push(Buffer.from('x'))).toBe(true);
  expect(await read).toEqual({ done: false, value: Buffer.from('x') });
});

test('all bytes come out, in order, before the end', async () => {
  const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(chunks, fc.infiniteStream(fc.boolean()), async (arrays, reads) => {
      const reader = new ChunkReader();
      const got: Buffer[] = [];
      const readOne = async () => {
        const result = await reader.read();
        if (!result.done) got.push(result.value as Buffer);
        return !result.done;
      };
      let reading: Promise<boolean> | undefined;
      for (const array of arrays) {
        if (reads.next().value && !reading) {
          reading = readOne();
          void reading.then(() => {
            reading = undefined;
          });
        }
        reader.push(Buffer.from(array));
        await reading;
      }
      reader.end();
      while (await readOne());
      expect(Buffer.concat(got)).toEqual(Buffer.concat(arrays));
    }),
  );
});

test('says when it is full, and once when there is room again', async () => {
  const reader = new ChunkReader();
  let rooms = 0;
  reader.onRoom = () => rooms++;
  const chunk = Buffer.alloc(100 * 1024);
  expect([reader.push(chunk), reader.push(chunk), reader.push(chunk)]).toEqual([true, true, false]);
  const { value } = (await reader.read()) as { value: Buffer };
  expect([value.length, rooms]).toEqual([300 * 1024, 1]);
  expect(reader.push(chunk)).toBe(true);
  await reader.read();
  expect(rooms).toBe(1);
});

test('a failure comes after what arrived before it', async () => {
  const reader = new ChunkReader();
  reader.push(Buffer.from('x'));
  reader.fail(new Error('gone'));
  expect(await reader.read()).toMatchObject({ done: false });
  await expect(reader.read()).rejects.toThrow('gone');
});

const INIT = {
  signal: undefined,
  headers: { Accept: 'text/event-stream' },
  mode: 'cors',
  cache: 'no-store',
  redirect: 'follow',
} as const;

test('asks as EventSource does, after the id it is given', async () => {
  const heads: unknown[] = [];
  await using server = await openScriptedServer(({ headers: { host, ...headers } }, response) => {
    heads.push(headers);
    response.setHeader('X-Two', ['one', 'two']).writeHead(404, { 'Content-Type': 'text/plain' }).end('body');
  });
  const http = new HttpClient(server.url, { version: 1, tls: null, answerTimeoutMs: 5_000, silenceTimeoutMs: 0 });
  const fetch = eventFetch(http, 42);
  const response = await fetch(`${server.url}/events?channel=a%20b`, INIT);
  expect(response).toMatchObject({ status: 404, redirected: false });
  expect([response.headers.get('content-type'), response.headers.get('etag')]).toEqual(['text/plain', null]);
  const reader = response.body?.getReader();
  expect(await reader?.read()).toEqual({ done: false, value: Buffer.from('body') });
  expect(await reader?.read()).toEqual({ done: true });
  await fetch(server.url, { ...INIT, headers: { ...INIT.headers, 'Last-Event-ID': '50' } });
  await http.close();
  expect(server.requests).toEqual(['GET /events?channel=a%20b', 'GET /']);
  expect(heads).toEqual([
    { connection: 'keep-alive', accept: 'text/event-stream', 'last-event-id': '42' },
    { connection: 'keep-alive', accept: 'text/event-stream', 'last-event-id': '50' },
  ]);
});

test('a body that nobody reads waits in the socket, not in this process', async () => {
  const chunk = Buffer.alloc(64 * 1024);
  const totalBytes = 64 * 1024 * 1024;
  let writtenBytes = 0;
  await using server = await openScriptedServer((_request, response) => {
    const write = () => {
      while (writtenBytes < totalBytes) {
        writtenBytes += chunk.length;
        if (!response.write(chunk)) return;
      }
      response.end();
    };
    response.on('drain', write);
    write();
  });
  const http = new HttpClient(server.url, { version: 1, tls: null, answerTimeoutMs: 5_000, silenceTimeoutMs: 0 });
  const response = await eventFetch(http, null)(server.url, INIT);
  // Until the server cannot write any more.
  for (let before = -1; before < writtenBytes; ) {
    before = writtenBytes;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const reader = response.body?.getReader();
  let readBytes = 0;
  let longestReadBytes = 0;
  for (;;) {
    const result = await reader?.read();
    if (!Buffer.isBuffer(result?.value)) break;
    readBytes += result.value.length;
    longestReadBytes = Math.max(longestReadBytes, result.value.length);
  }
  expect(readBytes).toBe(totalBytes);
  expect(longestReadBytes).toBeLessThanOrEqual(256 * 1024 + chunk.length);
  await http.close();
});
