import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rowsToCheck } from '../../cli/conform.js';
import type { TechniqueOutcome } from '../../report/conformance-report.js';
import type { Row } from '../../scenario/scenario.js';
import { MessageHub } from '../../server/hub.js';
import { SERVER_LIMITS } from '../../server/limits.js';
import { ReferenceServer } from '../../server/reference-server.js';
import { openSubstitutingPassage, type Substitution } from '../../testing/substituting-passage.js';
import { builtInTransports } from '../../transports/index.js';
import { conformTo } from './conform.js';

const HISTORY = { messages: 400, bytes: 16 * 1024 * 1024 };
const web = await rowsToCheck([]);
const all = await rowsToCheck(builtInTransports.map(({ name }) => name));

function openServer(rows: readonly Row[], hub?: MessageHub): Promise<ReferenceServer> {
  const transports = rows.map(({ module, settings }) => ({
    module,
    // An idle stream says something, or a promise to do so could not be held to.
    settings: {
      ...settings,
      ...('heartbeatMs' in settings && { heartbeatMs: 1_000 }),
      ...('pingMs' in settings && { pingMs: 1_000 }),
    },
  }));
  return ReferenceServer.open({
    transports,
    payload: 'text',
    limits: SERVER_LIMITS,
    firstId: 1,
    history: HISTORY,
    addresses: ['127.0.0.1'],
    ...(hub && { hub }),
  });
}

function check(
  rows: readonly Row[],
  origin: string,
  overrides: { patienceMs?: number; keepAliveMs?: number | null } = {},
) {
  return conformTo(rows, {
    origin,
    patienceMs: 5_000,
    historyMessages: HISTORY.messages,
    keepAliveMs: null,
    signal: new AbortController().signal,
    ...overrides,
  });
}

/** Ids of what failed, by technique. */
function failuresOf(outcomes: readonly TechniqueOutcome[]): Record<string, string[]> {
  const failed = outcomes.map(({ transport, checks }): [string, string[]] => [
    transport,
    checks.filter(({ state }) => state === 'failed').map(({ id }) => id),
  ]);
  return Object.fromEntries(failed.filter(([, ids]) => ids.length > 0));
}

let server: ReferenceServer;
beforeAll(async () => {
  server = await openServer(all);
});
afterAll(() => server.close());

/** The URL at which a row is served. */
function urlOf(row: Row): string {
  return server.urls[all.findIndex(({ transport }) => transport === row.transport)]?.[0] ?? '';
}

describe('the reference server keeps the contract, every check of it', () => {
  for (const row of all) {
    test(row.label, async () => {
      const [outcome] = await check([row], urlOf(row), { keepAliveMs: 3_000 });
      expect(outcome?.checks.filter(({ state }) => state !== 'passed')).toEqual([]);
      expect(outcome?.state).toBe('conforms');
      expect(outcome?.checks.length).toBeGreaterThan(6);
    }, 60_000);
  }
});

/** One thing that is wrong with a server, and every check that must fail for it, by technique. */
const BROKEN: readonly (readonly [string, Substitution, Record<string, readonly string[]>])[] = [
  ['the stream is of another type', down('text/event-stream', 'text/event-strict'), { sse: ['content-type'] }],
  [
    'the answers to polls are of another type',
    down('application/json', 'application/jose'),
    { 'short-polling': ['content-type'], 'long-polling': ['content-type'] },
  ],
  [
    'a stream does not know Last-Event-ID',
    up('Last-Event-ID', 'Last-Event-No'),
    { sse: ['last-event-id', 'last-event-id-wins', 'lost-cursor'] },
  ],
  ['a gap has another name', down('event: gap', 'event: gup'), { sse: ['lost-cursor'] }],
  [
    'events have no ids',
    down('\nid: ', '\nno: '),
    { sse: ['event', 'last-event-id', 'since', 'last-event-id-wins', 'lost-cursor'] },
  ],
  [
    'a lost cursor closes with another code',
    down(Buffer.from([0x11, 0x3a, ...Buffer.from('oldest=')]), Buffer.from([0x0f, 0xa0, ...Buffer.from('oldest=')])),
    { websocket: ['lost-cursor'] },
  ],
  ['a lost cursor closes without the oldest id', down('oldest=', 'oldest:'), { websocket: ['lost-cursor'] }],
  [
    'a lost cursor is answered with another status',
    down('HTTP/1.1 410', 'HTTP/1.1 404'),
    { 'short-polling': ['lost-cursor'], 'long-polling': ['lost-cursor'] },
  ],
  [
    'a publish is answered with another status',
    down('HTTP/1.1 202', 'HTTP/1.1 200'),
    { 'short-polling': ['publish'], 'long-polling': ['publish'], sse: ['publish'] },
  ],
  ['polls are not held', up('&hold=', '&hole='), { 'long-polling': ['hold', 'hold-end'] }],
  [
    'a subprotocol is not chosen',
    down('Sec-WebSocket-Protocol', 'Sic-WebSocket-Protocol'),
    { websocket: ['subprotocol'] },
  ],
];

function down(from: string | Buffer, to: string | Buffer): Substitution {
  return { direction: 'down', from, to };
}

function up(from: string, to: string): Substitution {
  return { direction: 'up', from, to };
}

describe('a server that is broken in one place fails the check of that place', () => {
  for (const [title, substitution, expected] of BROKEN) {
    test(title, async () => {
      const rows = web.filter(({ transport }) => transport in expected);
      const passage = await openSubstitutingPassage(urlOf(rows[0] as Row), substitution);
      try {
        const outcomes = await check(rows, passage.url, { patienceMs: 700 });
        expect(failuresOf(outcomes)).toEqual(expected);
        expect(outcomes.map(({ state }) => state)).toEqual(rows.map(() => 'fails'));
      } finally {
        await passage.close();
      }
    }, 60_000);
  }

  test('messages in another order', async () => {
    const swapping = await openServer(web, new SwappingHub({ firstId: 1, history: HISTORY, limits: SERVER_LIMITS }));
    try {
      const rows = web.filter(({ profile }) => profile.group === 'web');
      const [url] = swapping.urls[0] ?? [];
      const failures = failuresOf(await check(rows, url ?? ''));
      expect(failures).toEqual(Object.fromEntries(rows.map(({ transport }) => [transport, ['order']])));
      expect(rows.length).toBeGreaterThan(2);
    } finally {
      await swapping.close();
    }
  }, 60_000);
});

/** Gives out some of the messages only after the one that follows. */
class SwappingHub extends MessageHub {
  #kept: { readonly channel: string; readonly body: Buffer } | null = null;

  override receive(channel: string, body: Buffer) {
    const kept = this.#kept;
    this.#kept = null;
    if (/^in order \d*[05]$/.test(String(body))) {
      this.#kept = { channel, body };
      return { id: this.lastId, channel, body };
    }
    const message = super.receive(channel, body);
    if (kept) super.receive(kept.channel, kept.body);
    return message;
  }
}

/** What a peer that wishes ill does with a connection. */
const HOSTILE: readonly (readonly [string, (socket: Socket) => void, RegExp])[] = [
  ['never answers', () => {}, /did not come within 300 ms/],
  ['closes at once', (socket) => socket.destroy(), /hang up|ECONNRESET/],
  ['speaks something else', (socket) => socket.end('SSH-2.0-nothing\r\n'), /no HTTP|Parse Error/],
  [
    'sends a head without an end',
    (socket) => flood(socket, 'HTTP/1.1 200 OK\r\n', 'x-more: and more\r\n'),
    /a head of more than|Header overflow/,
  ],
  [
    'sends a body without an end',
    (socket) => flood(socket, 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n', '[0,'.repeat(10_000)),
    /not read on|answered with 200/,
  ],
  [
    'redirects in a loop',
    (socket) => socket.end('HTTP/1.1 302 Found\r\nLocation: /messages\r\nContent-Length: 0\r\n\r\n'),
    /302( to \/messages: redirects are not followed|, not 101)/,
  ],
];

/** Writes until the peer has had enough. */
function flood(socket: Socket, head: string, more: string): void {
  socket.write(head);
  const go = () => {
    if (!socket.destroyed && socket.write(more)) setImmediate(go);
  };
  socket.on('drain', go);
  go();
}

describe('a hostile server ends in a message', () => {
  for (const [title, behave, message] of HOSTILE) {
    test(title, async () => {
      const sockets = new Set<Socket>();
      const listener = createServer((socket) => {
        sockets.add(socket);
        socket.on('error', () => {});
        socket.once('data', () => behave(socket));
      }).listen(0, '127.0.0.1');
      await once(listener, 'listening');
      try {
        const rows = web.filter(({ profile }) => profile.group === 'web');
        const { port } = listener.address() as AddressInfo;
        const outcomes = await check(rows, `http://127.0.0.1:${port}`, { patienceMs: 300 });
        for (const { state, reason, checks } of outcomes) {
          expect(state).not.toBe('conforms');
          expect([reason, ...checks.map((each) => each.reason)].join('\n')).toMatch(message);
        }
      } finally {
        for (const socket of sockets) socket.destroy();
        listener.close();
      }
    }, 60_000);
  }
});
