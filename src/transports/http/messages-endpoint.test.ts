import { connect } from 'node:net';
import { setTimeout as passed } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openHttpBench } from '../../testing/http-bench.js';
import longPolling from '../long-polling/index.js';

async function get(url: string) {
  const response = await fetch(url);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

test('without since: at once, empty, with the cursor to begin at, even when a hold is asked for', async () => {
  await using bench = await openHttpBench(longPolling, { firstId: 100 });
  bench.publish('old');
  const { status, text, headers } = await get(`${bench.url}/messages?channel=a&hold=600000`);
  expect([status, text]).toEqual([200, '{"last":100,"more":false,"messages":[]}']);
  expect(headers.get('content-type')).toBe('application/json');
  expect(headers.get('content-length')).toBe(String(text.length));
  expect(bench.answers).toEqual([0]);
});

test('with since: what came after it, in these channels only', async () => {
  await using bench = await openHttpBench(longPolling);
  for (const [text, channel] of [
    ['one', 'a'],
    ['two', 'b'],
    ['three', 'c'],
    ['four', 'a'],
  ] as const) {
    bench.publish(text, channel);
  }
  const { text } = await get(`${bench.url}/messages?channel=a&channel=b&since=1`);
  expect(JSON.parse(text)).toEqual({
    last: 4,
    more: false,
    messages: [
      { id: 2, text: 'two' },
      { id: 4, text: 'four' },
    ],
  });
  expect(bench.answers).toEqual([2]);
});

test('an answer keeps to the limit and says that there is more', async () => {
  await using bench = await openHttpBench(longPolling, { limits: { maxAnswerMessages: 2 } });
  for (const text of ['one', 'two', 'three']) bench.publish(text);
  expect(JSON.parse((await get(`${bench.url}/messages?channel=a&since=0`)).text)).toMatchObject({
    last: 2,
    more: true,
  });
});

test('format=binary: octets', async () => {
  await using bench = await openHttpBench(longPolling, { settings: { format: 'binary' }, payload: 'binary' });
  bench.publish(Buffer.from([0xff, 0x00]));
  const response = await fetch(`${bench.url}/messages?channel=a&since=0`);
  expect(response.headers.get('content-type')).toBe('application/octet-stream');
  expect(Buffer.from(await response.arrayBuffer()).toString('hex')).toBe('00000000000100' + '00000000000100000002ff00');
});

test('a message is encoded once for all its readers', async () => {
  await using bench = await openHttpBench(longPolling);
  const { body } = bench.publish('x');
  let encodings = 0;
  body.toString = (...args) => {
    encodings++;
    return Buffer.prototype.toString.apply(body, args);
  };
  for (let reader = 0; reader < 3; reader++) await get(`${bench.url}/messages?channel=a&since=0`);
  expect(encodings).toBe(1);
});

test('a held request is answered by the next message of its channels', async () => {
  await using bench = await openHttpBench(longPolling);
  const answer = get(`${bench.url}/messages?channel=a&since=0&hold=600000`);
  await bench.untilHub((hub) => hub.waiting === 1);
  bench.publish('for others', 'b');
  expect(bench.answers).toEqual([]);
  bench.publish('at last');
  expect((await answer).text).toBe('{"last":2,"more":false,"messages":[{"id":2,"text":"at last"}]}');
  expect(bench.hub.waiting).toBe(0);
});

test('a held request is answered with nothing when its time is up', async () => {
  await using bench = await openHttpBench(longPolling);
  bench.publish('for others', 'b');
  const { text } = await get(`${bench.url}/messages?channel=a&since=0&hold=1`);
  expect(text).toBe('{"last":1,"more":false,"messages":[]}');
  expect([bench.answers, bench.hub.waiting]).toEqual([[0], 0]);
});

test('a held request whose client goes away is taken back', async () => {
  await using bench = await openHttpBench(longPolling);
  const controller = new AbortController();
  const answer = fetch(`${bench.url}/messages?channel=a&since=0&hold=600000`, { signal: controller.signal });
  await bench.untilHub((hub) => hub.waiting === 1);
  controller.abort();
  await expect(answer).rejects.toThrow();
  await bench.untilHub((hub) => hub.waiting === 0);
  bench.publish('nobody there');
  expect(bench.answers).toEqual([]);
});

test('close answers what is held', async () => {
  const bench = await openHttpBench(longPolling);
  const answer = get(`${bench.url}/messages?channel=a&since=0&hold=600000`);
  await bench.untilHub((hub) => hub.waiting === 1);
  await bench.close();
  expect(await answer).toMatchObject({ status: 503, text: 'the server is closing\n' });
  expect(bench.hub.waiting).toBe(0);
});

test('without a channel, a request is about "news", to read and to publish', async () => {
  await using bench = await openHttpBench(longPolling);
  await fetch(`${bench.url}/messages`, { method: 'POST', body: 'hello' });
  const { status, text } = await get(`${bench.url}/messages?since=0`);
  expect([status, JSON.parse(text)]).toEqual([200, { last: 1, more: false, messages: [{ id: 1, text: 'hello' }] }]);
  expect(bench.hub.read(['news'], 0)).toMatchObject({ messages: [{ channel: 'news' }] });
});

test('a cursor older than the history: 410 with the oldest id', async () => {
  await using bench = await openHttpBench(longPolling, { historyMessages: 10 });
  for (let i = 1; i <= 30; i++) bench.publish(`${i}`);
  const { status, text } = await get(`${bench.url}/messages?channel=a&since=3`);
  expect([status, text]).toEqual([410, '{"oldest":21}']);
});

test.each([
  ['channel=a&since=-1', '"since" must be a whole number, got "-1"\n'],
  ['channel=a&since=', '"since" must be a whole number, got ""\n'],
  ['channel=a&since=1e3', '"since" must be a whole number, got "1e3"\n'],
  ['channel=a&since=99999999999999999999', '"since" must be a whole number, got "99999999999999999999"\n'],
  ['channel=a&since=1&hold=5s', '"hold" must be a whole number, got "5s"\n'],
])('?%s: 400 and what is wrong', async (query, reason) => {
  await using bench = await openHttpBench(longPolling);
  expect(await get(`${bench.url}/messages?${query}`)).toMatchObject({ status: 400, text: reason });
});

test.each([['some bytes'], ['']])('POST "%s": 202 without a body, and the hub has it', async (text) => {
  await using bench = await openHttpBench(longPolling);
  const response = await fetch(`${bench.url}/messages?channel=caf%C3%A9+1`, { method: 'POST', body: text });
  expect([response.status, await response.text()]).toEqual([202, '']);
  expect(response.headers.get('content-length')).toBe('0');
  const read = bench.hub.read(['café 1'], 0);
  expect(read.gap ? [] : read.messages.map(({ body }) => String(body))).toEqual([text]);
});

test('POST to several channels at once: 400', async () => {
  await using bench = await openHttpBench(longPolling);
  const response = await fetch(`${bench.url}/messages?channel=a&channel=b`, { method: 'POST', body: 'x' });
  expect(response.status).toBe(400);
  expect(bench.hub.counts.received).toBe(0);
});

test('a body of the largest size is taken', async () => {
  await using bench = await openHttpBench(longPolling, { limits: { maxBodyBytes: 100 } });
  const response = await fetch(`${bench.url}/messages?channel=a`, { method: 'POST', body: 'x'.repeat(100) });
  expect(response.status).toBe(202);
});

/** Sends these bytes and no more, and resolves with all that comes back before the server closes the connection. */
async function exchange(url: string, request: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(request);
  let answer = '';
  for await (const chunk of socket) answer += chunk;
  return answer;
}

test('a larger one gets 413 before it is sent, and the end of the connection', async () => {
  await using bench = await openHttpBench(longPolling, { limits: { maxBodyBytes: 100 } });
  const answer = await exchange(
    bench.url,
    'POST /messages?channel=a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n',
  );
  expect(answer).toMatch(/^HTTP\/1\.1 413 .*the body is larger than 100 bytes\n$/s);
  expect(bench.hub.counts.received).toBe(0);
});

test('one of unknown length gets 413 as soon as it has grown too large', async () => {
  await using bench = await openHttpBench(longPolling, { limits: { maxBodyBytes: 100 } });
  const chunk = `40\r\n${'x'.repeat(64)}\r\n`;
  const head = 'POST /messages?channel=a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
  expect(await exchange(bench.url, head + chunk + chunk)).toMatch(/^HTTP\/1\.1 413 /);
  expect(bench.hub.counts.received).toBe(0);
});

test('a body whose sender goes away half-way is not a message', async () => {
  await using bench = await openHttpBench(longPolling);
  const { hostname, port } = new URL(bench.url);
  const socket = connect(Number(port), hostname);
  socket.end('POST /messages?channel=a HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf');
  for await (const _ of socket);
  await passed(0);
  expect(bench.hub.counts.received).toBe(0);
});
