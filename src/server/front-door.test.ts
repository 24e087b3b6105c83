import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { errorOfConnecting, freePorts, RawClient } from '../testing/raw-client.js';
import type { Credentials } from '../transports/credentials.js';
import type { HttpHandler, Mounted, UpgradeHandler } from '../transports/transport.js';
import { FrontDoor, type FrontDoorOptions } from './front-door.js';

type HttpMount = Extract<Mounted, { accept: 'http1' }>;
type SocketMount = Extract<Mounted, { accept: 'socket' }>;

function httpMount(
  routes: Record<string, HttpHandler>,
  upgrades: Record<string, UpgradeHandler> = {},
): HttpMount & { closed: number } {
  const mount = {
    accept: 'http1' as const,
    routes,
    upgrades,
    closed: 0,
    async close() {
      mount.closed++;
    },
  };
  return mount;
}

const hello: HttpMount['routes'] = { 'GET /hello': (_request, response) => void response.end('hello') };

/** Sends back what it gets. */
function echoMount(): SocketMount {
  return { accept: 'socket', onSocket: (socket) => void socket.pipe(socket), close: async () => {} };
}

async function open(mounts: readonly Mounted[], options: Partial<FrontDoorOptions> = {}): Promise<FrontDoor> {
  const door = await FrontDoor.open({ mounts, addresses: ['127.0.0.1'], ...options });
  onTestFinished(() => door.close());
  return door;
}

function urlsOf(door: FrontDoor, mount: Mounted): URL[] {
  return (door.urls.get(mount) ?? []).map((url) => new URL(url));
}

function clientOf(door: FrontDoor, mount: Mounted, address = 0): RawClient {
  return new RawClient(urlsOf(door, mount)[address] ?? new URL('tcp://no.such.address'));
}

function sumOf(clients: readonly RawClient[]): { up: number; down: number } {
  const total = { up: 0, down: 0 };
  for (const { bytes } of clients) {
    total.up += bytes.up;
    total.down += bytes.down;
  }
  return total;
}

/** Waits until the door has seen the end of all but this many sockets; what a peer closed reaches it a turn later. */
async function socketsLeft(door: FrontDoor, count: number): Promise<void> {
  while (door.sample().sockets.open > count) await new Promise((resolve) => setImmediate(resolve));
}

const request = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

describe('bytes', () => {
  it('are what the clients counted, over HTTP and sockets, while open and after the end', async () => {
    const [http, echo] = [httpMount(hello), echoMount()];
    const door = await open([http, echo]);
    const clients = [clientOf(door, http), clientOf(door, http), clientOf(door, echo)] as const;
    await clients[0].ask(request('/hello') + request('/hello').replace('Host', 'X-More: header\r\nHost'), 'hello');
    await clients[1].ask(request('/hello'), 'hello');
    await clients[2].ask('x'.repeat(300_000), 'x'.repeat(300_000));
    await clients[0].ask(request('/nothing'), 'nothing at GET /nothing');
    expect(door.sample().bytes).toEqual(sumOf(clients));
    expect(sumOf(clients).up).toBeGreaterThan(300_000);

    clients[2].socket.end();
    await clients[2].closed;
    await socketsLeft(door, 1);
    expect(door.sample().bytes).toEqual(sumOf(clients));

    for (const { socket } of clients) socket.end();
    await socketsLeft(door, 0);
    expect(door.sample().bytes).toEqual(sumOf(clients));
  });

  it('of an upgraded connection count from its first byte to its last', async () => {
    const http = httpMount({}, { '/up': (_request, socket) => void socket.end('HTTP/1.1 101 Up\r\n\r\nand text') });
    const door = await open([http]);
    const client = clientOf(door, http);
    await client.ask('GET /up HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: any\r\n\r\nearly', 'and text');
    await client.closed;
    await socketsLeft(door, 0);
    expect(door.sample().bytes).toEqual(client.bytes);
  });

  it('that wait in this process are not counted', async () => {
    const size = 8 * 1024 * 1024;
    let served: Socket | undefined;
    const mount: SocketMount = {
      accept: 'socket',
      onSocket(socket) {
        served = socket;
        socket.write(Buffer.alloc(size));
        socket.write(Buffer.alloc(size));
      },
      close: async () => {},
    };
    const door = await open([mount]);
    const client = clientOf(door, mount);
    client.socket.pause();
    await once(client.socket, 'connect');
    while (!served) await new Promise((resolve) => setImmediate(resolve));
    expect(served.writableLength).toBeGreaterThan(size);
    expect(door.sample().bytes.down).toBeLessThanOrEqual(size);
    const drained = once(served, 'drain');
    client.socket.resume();
    await drained;
    expect(door.sample().bytes.down).toBe(2 * size);
  });
});

describe('sockets and requests', () => {
  it('are told of one by one as they are accepted', async () => {
    let accepted = 0;
    const mount = echoMount();
    const door = await open([mount], { onAccept: () => accepted++ });
    for (const expected of [1, 2, 3]) {
      const client = clientOf(door, mount);
      await client.ask('x', 'x');
      expect([accepted, door.sample().sockets.accepted]).toEqual([expected, expected]);
    }
  });

  it('are counted: accepted ever, open now, requests with upgrades', async () => {
    const http = httpMount(hello, { '/up': (_request, socket) => void socket.end() });
    const door = await open([http]);
    const [first, second] = [clientOf(door, http), clientOf(door, http)];
    await first.ask(request('/hello'), 'hello');
    await first.ask(request('/nothing'), 'nothing at');
    await second.ask(request('/hello'), 'hello');
    await first.closed;
    await socketsLeft(door, 1);
    expect(door.sample()).toMatchObject({ sockets: { accepted: 2, open: 1 }, requests: 3 });
    second.socket.write('GET /up HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: any\r\n\r\n');
    await second.closed;
    await socketsLeft(door, 0);
    expect(door.sample()).toMatchObject({ sockets: { accepted: 2, open: 0 }, requests: 4 });
  });
});

describe('what nobody serves', () => {
  const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
  it.each([
    ['an unknown path', request('/nothing'), 'HTTP/1.1 404 Not Found'],
    [
      'a known path with another method',
      'POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n',
      'HTTP/1.1 404',
    ],
    ['an upgrade of an unknown path', `GET /nothing HTTP/1.1\r\nHost: a\r\n${upgrade}`, 'HTTP/1.1 404'],
    ['garbage', 'not http\r\n\r\n', 'HTTP/1.1 400'],
    ['a target that is none', request('//'), 'HTTP/1.1 400'],
    ['an upgrade of a target that is none', `GET // HTTP/1.1\r\nHost: a\r\n${upgrade}`, 'HTTP/1.1 404'],
  ])('%s is refused and the connection closed', async (_what, text, answer) => {
    const http = httpMount(hello, { '/up': (_request, socket) => void socket.end() });
    const door = await open([http]);
    const client = clientOf(door, http);
    await client.ask(text, answer);
    await client.closed;
    await socketsLeft(door, 0);
    expect(door.sample().bytes).toEqual(client.bytes);
  });

  it('of several mounts the one that knows the path answers', async () => {
    const one = httpMount({ 'GET /one': (_request, response) => void response.end('this is one') });
    const two = httpMount({ 'GET /two': (_request, response) => void response.end('this is two') });
    const door = await open([one, two]);
    expect(door.urls.get(one)).toEqual(door.urls.get(two));
    const client = clientOf(door, one);
    await client.ask(request('/two?a=1'), 'this is two');
    await client.ask(request('/one'), 'this is one');
  });
});

describe('a reset connection', () => {
  it.each([
    ['before it said anything', ''],
    ['during a request', 'GET /hel'],
    ['while its upgrade is refused', 'GET /no HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: any\r\n\r\n'],
    ['while its request is held', request('/held')],
  ])('%s does not end the server', async (_when, text) => {
    const http = httpMount({ ...hello, 'GET /held': () => {} });
    const door = await open([http]);
    const client = clientOf(door, http);
    await once(client.socket, 'connect');
    if (text !== '') await new Promise((resolve) => client.socket.write(text, resolve));
    client.socket.resetAndDestroy();
    const other = clientOf(door, http);
    await other.ask(request('/hello'), 'hello');
    await socketsLeft(door, 1);
  });

  it('of a mount that does not listen for errors does not end the server', async () => {
    const mount: SocketMount = { accept: 'socket', onSocket: (socket) => void socket.resume(), close: async () => {} };
    const door = await open([mount]);
    const client = clientOf(door, mount);
    await once(client.socket, 'connect');
    client.socket.resetAndDestroy();
    const other = clientOf(door, mount);
    await once(other.socket, 'connect');
    await socketsLeft(door, 1);
  });
});

describe('addresses and ports', () => {
  it.runIf(process.platform === 'linux')('serves every mount at each address and counts them together', async () => {
    const [http, echo] = [httpMount(hello), echoMount()];
    const door = await open([http, echo], { addresses: ['127.0.0.1', '127.0.0.2'] });
    for (const mount of [http, echo]) {
      expect(urlsOf(door, mount).map(({ hostname }) => hostname)).toEqual(['127.0.0.1', '127.0.0.2']);
    }
    const clients = [clientOf(door, http, 0), clientOf(door, http, 1), clientOf(door, echo, 1)] as const;
    await clients[0].ask(request('/hello'), 'hello');
    await clients[1].ask(request('/hello'), 'hello');
    await clients[2].ask('over there', 'over there');
    expect(door.sample()).toMatchObject({ bytes: sumOf(clients), sockets: { accepted: 3, open: 3 }, requests: 2 });
  });

  it('serves HTTP at the port it is given and the other mounts at those after it', async () => {
    const port = await freePorts(3);
    const [http, first, second] = [httpMount(hello), echoMount(), echoMount()];
    const door = await open([first, http, second], { port });
    expect(door.urls.get(http)).toEqual([`http://127.0.0.1:${port}`]);
    expect(door.urls.get(first)).toEqual([`tcp://127.0.0.1:${port + 1}`]);
    expect(door.urls.get(second)).toEqual([`tcp://127.0.0.1:${port + 2}`]);
  });

  it('rejects when a port is in use; nothing listens then, and the mounts are closed', async () => {
    const port = await freePorts(2);
    const taken = createServer().listen(port + 1, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    const http = httpMount(hello);
    const opening = FrontDoor.open({ mounts: [http, echoMount()], addresses: ['127.0.0.1'], port });
    await expect(opening).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(await errorOfConnecting(port)).toBe('ECONNREFUSED');
    expect(http.closed).toBe(1);
  });
});

describe('close', () => {
  it('ends what is kept alive, held, upgraded and raw, and listens no more', async () => {
    const http = httpMount({ ...hello, 'GET /held': () => {} }, { '/up': () => {} });
    const echo = echoMount();
    const door = await open([http, echo]);
    const clients = [clientOf(door, http), clientOf(door, http), clientOf(door, http), clientOf(door, echo)] as const;
    await clients[0].ask(request('/hello'), 'hello');
    await clients[3].ask('raw', 'raw');
    clients[1].socket.write(request('/held'));
    clients[2].socket.write('GET /up HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: any\r\n\r\n');
    while (door.sample().requests < 3) await new Promise((resolve) => setImmediate(resolve));
    await door.close();
    await Promise.all(clients.map(({ closed }) => closed));
    expect(door.sample().sockets).toEqual({ accepted: 4, open: 0 });
    expect(http.closed).toBe(1);
    for (const mount of [http, echo]) {
      expect(await errorOfConnecting(Number(urlsOf(door, mount)[0]?.port))).toBe('ECONNREFUSED');
    }
  });

  it('keeps the counts', async () => {
    const http = httpMount(hello);
    const door = await open([http]);
    const client = clientOf(door, http);
    await client.ask(request('/hello'), 'hello');
    const { bytes } = door.sample();
    await door.close();
    expect(door.sample()).toMatchObject({ bytes, requests: 1 });
  });

  it('of the sockets alone leaves the door open for others', async () => {
    const http = httpMount(hello);
    const door = await open([http]);
    const [cut, later] = [clientOf(door, http), clientOf(door, http)];
    await cut.ask(request('/hello'), 'hello');
    await later.ask(request('/hello'), 'hello');
    door.destroySockets();
    await Promise.all([cut.closed, later.closed]);
    await clientOf(door, http).ask(request('/hello'), 'hello');
  });
});

describe('drain', () => {
  it('accepts nobody, ends idle connections at once and a busy one after its answer', async () => {
    let answer: () => void = () => {};
    const http = httpMount({
      ...hello,
      'GET /slow': (_request, response) => {
        answer = () => void response.end('slow');
      },
    });
    const door = await open([http]);
    const [fresh, idle, busy] = [clientOf(door, http), clientOf(door, http), clientOf(door, http)];
    await once(fresh.socket, 'connect');
    await idle.ask(request('/hello'), 'hello');
    busy.socket.write(request('/slow'));
    while (door.sample().requests < 2) await new Promise((resolve) => setImmediate(resolve));
    const draining = door.drain(10_000);
    await Promise.all([fresh.closed, idle.closed]);
    expect(await errorOfConnecting(Number(urlsOf(door, http)[0]?.port))).toBe('ECONNREFUSED');
    answer();
    await busy.closed;
    expect(busy.text).toContain('slow');
    expect(await draining).toEqual({ open: 3, cut: 0 });
  });

  it('cuts who has not gone when the time is up, and a mount without a farewell is closed', async () => {
    const http = httpMount({ 'GET /never': () => {} });
    const door = await open([http]);
    const client = clientOf(door, http);
    client.socket.write(request('/never'));
    while (door.sample().requests < 1) await new Promise((resolve) => setImmediate(resolve));
    expect(await door.drain(20)).toEqual({ open: 1, cut: 1 });
    await client.closed;
    expect(http.closed).toBe(1);
  });
});

describe('credentials', () => {
  const credentials = { way: 'bearer', token: 'abc' } as const;

  it('are asked for before anything else: no handler and no upgrade is reached without them', async () => {
    let reached = 0;
    const http = httpMount(
      {
        'GET /hello': (_request, response) => {
          reached++;
          response.end('hello');
        },
      },
      {
        '/ws': (_request, socket) => {
          reached++;
          socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n');
        },
      },
    );
    const door = await open([http], { credentials: new Map([[http, credentials]]) });
    const upgrade = (more = '') =>
      `GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${more}\r\n`;
    const refused = [request('/hello'), request('/nothing'), upgrade(), upgrade('Authorization: Bearer abd\r\n')];
    for (const text of refused) {
      const client = clientOf(door, http);
      await client.ask(text, 'HTTP/1.1 401 Unauthorized');
      expect(client.text).toContain('WWW-Authenticate: Bearer');
      await client.closed;
    }
    expect(reached).toBe(0);
    const shown = 'Authorization: Bearer abc\r\n';
    await clientOf(door, http).ask(request('/hello').replace('Host', `${shown}Host`), 'hello');
    await clientOf(door, http).ask(upgrade(shown), '101');
    expect(reached).toBe(2);
  });

  it('are those of the mount that a request is for: one by a header, one by its first message, one by nothing', async () => {
    const answer =
      (text: string): HttpHandler =>
      (_request, response) =>
        void response.end(text);
    const upgraded: UpgradeHandler = (_request, socket) => void socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n');
    const byHeader = httpMount({ 'GET /header': answer('by header') });
    const byMessage = httpMount({ 'GET /message': answer('by message') }, { '/ws': upgraded });
    const free = httpMount({ 'GET /free': answer('free') });
    const door = await open([byHeader, byMessage, free], {
      credentials: new Map<Mounted, Credentials>([
        [byHeader, credentials],
        [byMessage, { way: 'first-message', token: 'abc' }],
      ]),
    });
    const ask = async (text: string, expected: string) => {
      const client = clientOf(door, free);
      await client.ask(text, expected);
    };
    const shown = (text: string) => text.replace('Host', 'Authorization: Bearer abc\r\nHost');
    await ask(request('/header'), '401 Unauthorized');
    await ask(shown(request('/header')), 'by header');
    // A request has no first message, and so never what this one asks for.
    await ask(shown(request('/message')), '401 Unauthorized');
    await ask('GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n', '101');
    await ask(request('/free'), 'free');
    await ask(request('/nothing'), '401 Unauthorized');
    await ask(shown(request('/nothing')), '404 Not Found');
  });
});
