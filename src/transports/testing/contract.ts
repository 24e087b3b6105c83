import assert from 'node:assert/strict';
import { AUTH_WAYS, type AuthWay, type Credentials } from '../credentials.js';
import { codeOf } from '../drop-error.js';
import type { Connection, ConnectOptions, Payload, Settings, TlsTrust, Transport } from '../transport.js';

/** A started server half with a hub, and what the contract suite does to it. Each test gets a bench of its own. */
export interface ContractBench {
  readonly transport: Transport;
  readonly settings: Settings;
  readonly payload: Payload;
  readonly tls: TlsTrust | null;
  /** What the server asks for. */
  readonly credentials: Credentials | null;
  readonly urls: readonly string[];
  /** Publishes from outside; returns the id. */
  publish(channel: string, body: Uint8Array): number;
  /** Bodies that clients published, in order. */
  readonly received: readonly { readonly channel: string; readonly body: Buffer }[];
  /** Cuts every connection, as a server that dies does. */
  cut(): void;
  /** Lets every client go in good order; resolves to how many had to be cut. */
  drain(): Promise<{ readonly cut: number }>;
  /** Starts another server with the same log; returns its URLs. */
  successor(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface BenchOptions {
  readonly payload?: Payload;
  /** What the server asks of every client. */
  readonly credentials?: Credentials;
  /** On top of the defaults and, where the transport has them, its resume settings. */
  readonly settings?: Settings;
  /** Smallest history that can be trimmed to. */
  readonly historyMessages?: number;
}

export interface ContractTest {
  readonly title: string;
  /** Why the test does not apply to a transport with this profile; `undefined`: it does. */
  skip?(transport: Transport): string | undefined;
  readonly options?: BenchOptions;
  run(bench: ContractBench): Promise<void>;
}

/** Longest time in ms that anything in a test may take on a busy machine; nothing waits for it unless it fails. */
const PATIENCE_MS = 10_000;

/** One connected client of a test, and what it was told. */
class Client {
  readonly bodies: Buffer[] = [];
  readonly ids: (number | null)[] = [];
  readonly drops: Error[] = [];
  readonly gaps: number[] = [];
  readonly sendFailures: Error[] = [];
  #changed: () => void = () => {};
  #connection: Connection | undefined;

  static async connect(bench: ContractBench, overrides: Partial<ConnectOptions> = {}): Promise<Client> {
    const client = new Client();
    const half = await bench.transport.client();
    client.#connection = await half.connect({ ...client.optionsFor(bench), ...overrides });
    return client;
  }

  optionsFor(bench: ContractBench): ConnectOptions {
    return {
      urls: bench.urls,
      clientId: 0,
      channels: ['a'],
      since: null,
      settings: bench.settings,
      tls: bench.tls,
      credentials: bench.credentials,
      payload: bench.payload,
      phase: 0,
      publishes: true,
      signal: new AbortController().signal,
      onMessage: (body, id) => {
        this.bodies.push(Buffer.from(body));
        this.ids.push(id);
        this.#changed();
      },
      onDrop: (error) => {
        this.drops.push(error);
        this.#changed();
      },
      onGap: (oldestId) => {
        this.gaps.push(oldestId);
        this.#changed();
      },
      onSendFailed: (error) => {
        this.sendFailures.push(error);
        this.#changed();
      },
    };
  }

  get connection(): Connection {
    assert(this.#connection);
    return this.#connection;
  }

  get texts(): string[] {
    return this.bodies.map(String);
  }

  /** Resolves when `condition` holds; looks after every callback. */
  async until(what: string, condition: () => boolean): Promise<void> {
    await within(
      `${what}; got bodies ${JSON.stringify(this.texts.map((text) => text.slice(0, 40)))}, drops ${this.drops.length}`,
      new Promise<void>((resolve) => {
        this.#changed = () => {
          if (condition()) resolve();
        };
        this.#changed();
      }),
    );
  }
}

async function within<T>(what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${PATIENCE_MS} ms for ${what}`)), PATIENCE_MS);
  });
  return Promise.race([promise, patience]).finally(() => clearTimeout(timer));
}

/** Everything in flight has arrived once a message sent last has; then nothing more may come. */
async function settle(bench: ContractBench, client: Client, channel = 'a'): Promise<void> {
  bench.publish(channel, Buffer.from('last'));
  await client.until('the last message', () => client.texts.includes('last'));
}

async function untilReceived(bench: ContractBench, count: number): Promise<void> {
  await within(
    `${count} uplink bodies; got ${bench.received.length}`,
    new Promise<void>((resolve) => {
      const look = () => (bench.received.length >= count ? resolve() : setImmediate(look));
      look();
    }),
  );
}

const noResume = ({ profile }: Transport) =>
  profile.resume === 'none' ? 'the transport does not claim to resume (profile.resume)' : undefined;
const noUplink = ({ profile }: Transport) =>
  profile.uplink === 'none' ? 'the transport has no uplink (profile.uplink)' : undefined;

const noFarewell = ({ profile }: Transport) =>
  profile.farewell === undefined ? 'the transport does not claim to drain (profile.farewell)' : undefined;

const BODIES: readonly (readonly [string, Buffer])[] = [
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

/** Only who shows the token is let in, whatever a stranger shows instead, and nothing is delivered to or taken from others. */
function authTest(way: AuthWay): ContractTest {
  const credentials: Credentials = { way, token: 'the-token-of-this-test' };
  const strangers: readonly (Credentials | null)[] = [
    { way, token: 'the-token-of-that-test' },
    { way, token: '' },
    null,
  ];
  return {
    title: `authentication by ${way}: no token or a wrong one is refused, and nothing goes either way`,
    skip: ({ profile }) =>
      profile.auth?.ways.includes(way) ? undefined : `the transport does not authenticate by ${way} (profile.auth)`,
    options: { credentials },
    async run(bench) {
      bench.publish('a', Buffer.from('secret'));
      for (const shown of strangers) {
        await expectRefusal(bench, shown, null);
        await expectRefusal(bench, shown, 0);
      }
      assert.deepEqual(bench.received, []);
      const client = await Client.connect(bench);
      await settle(bench, client);
      assert.deepEqual(client.texts, ['last']);
      if (bench.transport.profile.uplink !== 'none') {
        client.connection.send('a', Buffer.from('up'));
        await untilReceived(bench, 1);
      }
      assert.deepEqual([client.drops, client.sendFailures], [[], []]);
      await client.connection.close();
    },
  };
}

/** Whose connect cannot know of the refusal yet is told by a drop: a poll that is held, a server that awaits a first message. */
async function expectRefusal(
  bench: ContractBench,
  credentials: Credentials | null,
  since: number | null,
): Promise<void> {
  const stranger = new Client();
  const half = await bench.transport.client();
  const connecting = half.connect({ ...stranger.optionsFor(bench), credentials, since });
  bench.publish('a', Buffer.from('secret'));
  const outcome = await within(
    'the refusal',
    connecting.catch((error: Error) => error),
  );
  let refusal: Error | undefined;
  if (outcome instanceof Error) {
    refusal = outcome;
    assert.equal(stranger.drops.length, 0);
  } else {
    const cannotKnow = since !== null || bench.credentials?.way === 'first-message';
    assert(cannotKnow, 'a stranger was let in');
    if (bench.transport.profile.uplink === 'same-connection') outcome.send('a', Buffer.from('up'));
    await stranger.until('the drop', () => stranger.drops.length > 0);
    await outcome.close();
    [refusal] = stranger.drops;
  }
  assert.match(refusal?.message ?? '', /401|UNAUTHENTICATED|no valid token/);
  assert(!refusal?.message.includes('token-of'), 'the error shows the token');
  assert.deepEqual([stranger.bodies, stranger.gaps], [[], []]);
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
    run: (bench) => deliversBodies(bench, BODIES),
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
        ...BODIES.map(([, body]) => body),
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
  {
    title: 'a server that drains: what was published before arrives, then there is one drop, and nobody is cut',
    skip: noFarewell,
    async run(bench) {
      const clients = await Promise.all([
        Client.connect(bench),
        Client.connect(bench, { clientId: 1, publishes: false }),
      ]);
      const sent = Array.from({ length: 50 }, (_, i) => `${i}`);
      for (const text of sent) bench.publish('a', Buffer.from(text));
      const draining = bench.drain();
      for (const client of clients) await client.until('the drop', () => client.drops.length > 0);
      const { cut } = await within('the end of the drain', draining);
      assert.equal(cut, 0);
      for (const client of clients) {
        assert.deepEqual(client.texts, sent);
        await within('close after a drop', client.connection.close());
        assert.equal(client.drops.length, 1);
        assert.deepEqual(client.gaps, []);
        assert.notEqual(codeOf(client.drops[0] as Error), null, `no code says why: ${client.drops[0]?.message}`);
      }
    },
  },
  {
    title: 'a drain and a connect to the next server with the cursor: nothing is lost and nothing comes twice',
    skip: (transport) => noFarewell(transport) ?? noResume(transport),
    async run(bench) {
      const client = await Client.connect(bench);
      const sent: string[] = [];
      const publish = (text: string) => {
        sent.push(text);
        bench.publish('a', Buffer.from(text));
      };
      for (let i = 0; i < 20; i++) publish(`before ${i}`);
      const draining = bench.drain();
      for (let i = 0; client.drops.length === 0; i++) {
        publish(`meanwhile ${i}`);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      await within('the end of the drain', draining);
      for (let i = 0; i < 20; i++) publish(`between ${i}`);
      await client.connection.close();
      const urls = await bench.successor();
      const next = await Client.connect(bench, { urls, since: client.ids.at(-1) ?? null });
      await settle(bench, next);
      assert.deepEqual([...client.texts, ...next.texts], [...sent, 'last']);
      await next.connection.close();
    },
  },
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
