import assert from 'node:assert/strict';
import { AUTH_WAYS } from '../credentials.js';
import { authTest } from './auth-test.js';
import type { ContractBench, ContractTest } from './bench.js';
import { Client, settle, untilReceived, within } from './client.js';
import { drainTests } from './drain-tests.js';
import { noResume, noUplink } from './skips.js';
import { slowReaderTests } from './slow-reader-tests.js';

/** With what each has that could go wrong. */
export const TEXT_BODIES: readonly (readonly [string, Buffer])[] = [
  ['empty', Buffer.alloc(0)],
  ['one byte', Buffer.from('x')],
  ['line feed', Buffer.from('one\ntwo\n\nthree\n')],
  ['carriage return', Buffer.from('one\r\ntwo\rthree')],
  ['leading space and colon', Buffer.from(' : data: {"a": "b\\"}')],
  ['emoji', Buffer.from('naïve 🦊 – \u2028 \u0000 done')],
  ['125 B', Buffer.alloc(125, 'a')],
  ['126 B', Buffer.alloc(126, 'b')],
  ['64 KiB', Buffer.from('0123456789abcdef'.repeat(4096))],
];

async function deliversBodies(bench: ContractBench, bodies: readonly (readonly [string, Buffer])[]): Promise<void> {
  const client = await Client.connect(bench);
  for (const [, body] of bodies) bench.publish('a', body);
  await client.until('all bodies', () => client.bodies.length >= bodies.length);
  for (const [index, [name, body]] of bodies.entries()) {
    assert.deepEqual(client.bodies[index], body, `body "${name}" changed on its way`);
  }
  await client.connection.close();
}

/** The contract of a technique as tests; `run` throws where it is broken. */
export const contractTests: readonly ContractTest[] = [
  {
    title: 'a message published right after connect arrives',
    async run(bench) {
      const client = await Client.connect(bench);
      bench.publish('a', Buffer.from('hello'));
      await client.until('the message', () => client.bodies.length === 1);
      assert.deepEqual(client.texts, ['hello']);
      await client.connection.close();
    },
  },
  {
    title: 'what was published before a connect without a cursor does not arrive',
    async run(bench) {
      bench.publish('a', Buffer.from('old'));
      const client = await Client.connect(bench);
      await settle(bench, client);
      assert.deepEqual(client.texts, ['last']);
      await client.connection.close();
    },
  },
  {
    title: '2,000 messages arrive once each, in order',
    async run(bench) {
      const client = await Client.connect(bench);
      const sent: string[] = [];
      for (let turn = 0; turn < 20; turn++) {
        for (let i = 0; i < 100; i++) {
          const text = `message ${turn * 100 + i}`;
          sent.push(text);
          bench.publish('a', Buffer.from(text));
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      await client.until('2,000 messages', () => client.bodies.length >= 2_000);
      await settle(bench, client);
      assert.deepEqual(client.texts, [...sent, 'last']);
      await client.connection.close();
    },
  },
  {
    title: 'messages published one by one, at once after each arrival, all arrive (nothing lost between polls)',
    async run(bench) {
      const client = await Client.connect(bench);
      for (let i = 1; i <= 10; i++) {
        bench.publish('a', Buffer.from(`${i}`));
        bench.publish('a', Buffer.from(`${i}, close behind`));
        await client.until(`message ${i}`, () => client.bodies.length >= 2 * i);
      }
      assert.equal(client.bodies.length, 20);
      await client.connection.close();
    },
  },
  {
    title: 'text bodies arrive as they were sent: 0 B to 64 KiB, line breaks, emoji',
    run: (bench) => deliversBodies(bench, TEXT_BODIES),
  },
  {
    title: 'binary bodies arrive as they were sent: 0 B to 64 KiB, every byte value',
    options: { payload: 'binary' },
    run: (bench) =>
      deliversBodies(bench, [
        ['every byte', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
        ['empty', Buffer.alloc(0)],
        ['64 KiB', Buffer.alloc(65_536, Buffer.from([0xff, 0x00, 0x0a, 0x0d, 0x80]))],
      ]),
  },
  {
    title: 'ids grow by one and name the message',
    skip: noResume,
    async run(bench) {
      const client = await Client.connect(bench);
      const ids = [bench.publish('a', Buffer.from('1')), bench.publish('a', Buffer.from('2'))];
      await client.until('two messages', () => client.bodies.length === 2);
      assert.deepEqual(client.ids, ids);
      await client.connection.close();
    },
  },
  {
    title: 'a connect with a cursor gets what came after it first, without loss or repetition',
    skip: noResume,
    async run(bench) {
      const first = await Client.connect(bench);
      bench.publish('a', Buffer.from('1'));
      await first.until('the first message', () => first.bodies.length === 1);
      await first.connection.close();
      for (let i = 2; i <= 50; i++) bench.publish('a', Buffer.from(`${i}`));
      const second = await Client.connect(bench, { since: first.ids[0] ?? null });
      await settle(bench, second);
      assert.deepEqual(second.texts, [...Array.from({ length: 49 }, (_, i) => `${i + 2}`), 'last']);
      await second.connection.close();
    },
  },
  {
    title: 'a cursor older than the history is told so',
    skip: noResume,
    options: { historyMessages: 10 },
    async run(bench) {
      const ids = Array.from({ length: 30 }, (_, i) => bench.publish('a', Buffer.from(`${i}`)));
      const client = new Client();
      const half = await bench.transport.client();
      // Told while it connects or right after: a technique learns of it when its first answer comes.
      const connecting = half.connect({ ...client.optionsFor(bench), since: ids[0] ?? 0 });
      const connected = connecting.catch(() => undefined);
      await client.until('the gap', () => client.gaps.length === 1);
      assert.deepEqual(client.gaps, [ids[20]]);
      await (await connected)?.close();
    },
  },
  {
    title: 'two clients on channels of their own get their own messages only',
    async run(bench) {
      const a = await Client.connect(bench, { channels: ['a'] });
      const b = await Client.connect(bench, { channels: ['b'], clientId: 1 });
      bench.publish('a', Buffer.from('for a'));
      bench.publish('b', Buffer.from('for b'));
      await settle(bench, a, 'a');
      await settle(bench, b, 'b');
      assert.deepEqual(a.texts, ['for a', 'last']);
      assert.deepEqual(b.texts, ['for b', 'last']);
      await Promise.all([a.connection.close(), b.connection.close()]);
    },
  },
  {
    title: 'a client of two channels gets both, in the order of publishing',
    async run(bench) {
      const client = await Client.connect(bench, { channels: ['a', 'b'] });
      for (const [channel, text] of [
        ['a', '1'],
        ['b', '2'],
        ['a', '3'],
      ] as const) {
        bench.publish(channel, Buffer.from(text));
      }
      await client.until('three messages', () => client.bodies.length >= 3);
      assert.deepEqual(client.texts, ['1', '2', '3']);
      await client.connection.close();
    },
  },
  {
    title: 'uplink: each body reaches the server exactly once, in order and unchanged',
    skip: noUplink,
    async run(bench) {
      const client = await Client.connect(bench);
      const bodies = [
        ...TEXT_BODIES.map(([, body]) => body),
        ...Array.from({ length: 100 }, (_, i) => Buffer.from(`up ${i}`)),
      ];
      for (const body of bodies) client.connection.send('a', body);
      await untilReceived(bench, bodies.length);
      await client.until('the last body back', () => client.texts.includes('up 99'));
      assert.deepEqual(
        bench.received.map(({ body }) => body),
        bodies,
      );
      assert(bench.received.every(({ channel }) => channel === 'a'));
      assert.deepEqual(client.bodies, bodies);
      assert.deepEqual(client.sendFailures, []);
      await client.connection.close();
    },
  },
  {
    title: 'uplink: binary bodies reach the server unchanged',
    skip: noUplink,
    options: { payload: 'binary' },
    async run(bench) {
      const client = await Client.connect(bench);
      const body = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
      client.connection.send('a', body);
      await untilReceived(bench, 1);
      assert.deepEqual(bench.received[0]?.body, body);
      await client.connection.close();
    },
  },
  {
    title: 'close: twice is as good as once, and nothing is called after it',
    async run(bench) {
      const client = await Client.connect(bench);
      await within('close', Promise.all([client.connection.close(), client.connection.close()]));
      await within('a third close', client.connection.close());
      bench.publish('a', Buffer.from('too late'));
      const other = await Client.connect(bench, { since: null });
      await settle(bench, other);
      assert.deepEqual(client.texts, []);
      assert.deepEqual(client.drops, []);
      await other.connection.close();
    },
  },
  {
    title: 'the death of the server is one drop, and close resolves after it',
    async run(bench) {
      const client = await Client.connect(bench);
      bench.cut();
      await client.until('the drop', () => client.drops.length > 0);
      await within('close after a drop', client.connection.close());
      bench.cut();
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal(client.drops.length, 1);
      assert(client.drops[0] instanceof Error);
    },
  },
  ...drainTests,
  ...slowReaderTests,
  ...AUTH_WAYS.map(authTest),
  {
    title: 'an abort before and during connect rejects with its reason',
    async run(bench) {
      const half = await bench.transport.client();
      const reason = new Error('given up');
      const before = half.connect({ ...new Client().optionsFor(bench), signal: AbortSignal.abort(reason) });
      await within('the rejection', assert.rejects(before, reason));
      const controller = new AbortController();
      const during = half.connect({ ...new Client().optionsFor(bench), signal: controller.signal });
      controller.abort(reason);
      await within('the rejection', assert.rejects(during, reason));
    },
  },
  {
    title: 'a connect to where nobody listens rejects and names the address',
    async run(bench) {
      const half = await bench.transport.client();
      const urls = bench.urls.map((url) => Object.assign(new URL(url), { port: '1' }).href.replace(/\/$/, ''));
      const connecting = half.connect({ ...new Client().optionsFor(bench), urls });
      await within('the rejection', assert.rejects(connecting, /127\.0\.0\.1:1/));
    },
  },
];
