import { expect, test } from 'vitest';
import type { ClientHalf, ConnectOptions } from '../transport.js';
import harness from './index.js';

async function connect(half: ClientHalf, channel: string, changes: Partial<ConnectOptions> = {}) {
  const received: [body: string, id: number | null][] = [];
  const connection = await half.connect({
    urls: [],
    clientId: 0,
    channels: [channel],
    since: null,
    settings: {},
    tls: null,
    payload: 'text',
    phase: 0,
    publishes: true,
    signal: new AbortController().signal,
    onMessage: (body, id) => received.push([Buffer.from(body).toString(), id]),
    onDrop: () => {},
    onGap: () => {},
    onSendFailed: () => {},
    ...changes,
  });
  return { received, connection };
}

test('a message is with every client of its channel when send returns, in order, and with no other', async () => {
  const half = await harness.client();
  const [one, two, other] = [await connect(half, 'a'), await connect(half, 'a'), await connect(half, 'b')];
  one.connection.send('a', Buffer.from('first'));
  expect(two.received).toEqual([['first', null]]);
  two.connection.send('a', Buffer.from('second'));
  expect([one.received, two.received, other.received].map((list) => list.map(([body]) => body))).toEqual([
    ['first', 'second'],
    ['first', 'second'],
    [],
  ]);
});

test('a client that has closed, twice, receives nothing more; the others do', async () => {
  const half = await harness.client();
  const [one, two] = [await connect(half, 'a'), await connect(half, 'a')];
  await two.connection.close();
  await two.connection.close();
  one.connection.send('a', Buffer.from('late'));
  expect([one.received.length, two.received.length]).toEqual([1, 0]);
});

test('two processes have nothing to do with each other, and an abort rejects', async () => {
  const [here, there] = [await harness.client(), await harness.client()];
  const [one, far] = [await connect(here, 'a'), await connect(there, 'a')];
  one.connection.send('a', Buffer.from('x'));
  expect(far.received).toEqual([]);
  const signal = AbortSignal.abort(new Error('over'));
  await expect(connect(here, 'a', { signal })).rejects.toThrow('over');
});
