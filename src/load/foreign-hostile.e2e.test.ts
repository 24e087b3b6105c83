import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { writeEnvelope } from '../protocol/envelope.js';
import { loadScenario } from '../scenario/load.js';
import { makeCertificate } from '../server/certificate.js';
import longPolling from '../transports/long-polling/index.js';
import shortPolling from '../transports/short-polling/index.js';
import sse from '../transports/sse/index.js';
import type { Connection, Settings, Transport } from '../transports/transport.js';
import websocket from '../transports/websocket/index.js';
import { ForeignSide } from './foreign-server.js';

const TRANSPORTS: readonly Transport[] = [sse, websocket, shortPolling, longPolling];
const MAX_MESSAGE_BYTES = 256 * 1024;
const CHUNK = Buffer.alloc(64 * 1024, 'a');

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Outcome {
  readonly connected: boolean;
  /** Of the rejection, or of the drop. */
  readonly reason: string;
  readonly messages: number;
  readonly unstamped: number;
}

/** What comes of one client: it does not get in, or is dropped; with `untilMessages` after so many it closes by itself. */
async function meet(
  transport: Transport,
  url: string,
  untilMessages = Number.POSITIVE_INFINITY,
  answerMs = 20_000,
): Promise<Outcome> {
  const side = new ForeignSide({
    endpoint: {
      path: '/stream',
      headers: { authorization: `Bearer \${HOSTILE_TOKEN}` },
      maxMessageBytes: MAX_MESSAGE_BYTES,
    },
    headers: {},
    publish: null,
    answerMs,
    trust: { ca: null },
  });
  let messages = 0;
  let dropped: (reason: string) => void = () => {};
  const drop = new Promise<string>((resolve) => {
    dropped = resolve;
  });
  const { workload } = loadScenario('default', {}, 2).scenario;
  let connection: Connection | undefined;
  try {
    connection = await side.speaking(await transport.client()).connect({
      urls: [url],
      clientId: 0,
      channels: ['c00000'],
      since: null,
      settings: settingsOf(transport),
      tls: url.startsWith('https:') ? { ca: null } : null,
      payload: workload.payload,
      phase: 0,
      publishes: false,
      signal: new AbortController().signal,
      onMessage: () => {
        if (++messages === untilMessages) dropped('enough');
      },
      onDrop: ({ message }) => dropped(message),
      onGap: () => {},
      onSendFailed: () => {},
    });
    const reason = await drop;
    return { connected: true, reason, messages, unstamped: side.unstamped };
  } catch (error) {
    return { connected: false, reason: (error as Error).message, messages, unstamped: side.unstamped };
  } finally {
    await connection?.close();
    await side.close();
  }
}

function settingsOf({ settings }: Transport): Settings {
  return Object.fromEntries(
    Object.entries(settings).map(([key, spec]) => [key, key === 'intervalMs' ? 10 : spec.default]),
  );
}

async function listening(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function bytes(onSocket: (socket: Socket) => void): Promise<string> {
  return listening(createServer(onSocket));
}

function http(listener: RequestListener): Promise<string> {
  return listening(
    createHttpServer(listener).on('upgrade', (request, socket) => {
      const status = (code: number) =>
        socket.end(`HTTP/1.1 ${code} No\r\nlocation: ${request.url}\r\ncontent-length: 0\r\n\r\n`);
      status(302);
    }),
  );
}

/** Writes for as long as somebody reads, so that the writer's memory stays small. */
function flood(socket: NodeJS.WritableStream, chunk: string | Buffer): void {
  const more = () => {
    while (socket.writable && socket.write(chunk));
  };
  socket.on('drain', more);
  more();
}

async function webSocket(onSocket: (socket: Socket) => void): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  server.on('connection', (_, { socket }) => {
    socket.on('error', () => {});
    onSocket(socket);
  });
  closers.push(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe.each(TRANSPORTS.map((transport) => [transport.profile.title, transport] as const))('%s', (_, transport) => {
  it('says that nothing listens', async () => {
    const url = await bytes(() => {});
    closers.pop()?.();
    expect((await meet(transport, url)).reason).toMatch(/ECONNREFUSED.*: nothing listens there: start the server/);
  });

  it('gives up a server that never answers', async () => {
    const url = await bytes(() => {});
    const outcome = await meet(transport, url, 1, 300);
    expect(outcome.connected).toBe(false);
    expect(outcome.reason).toBe(`${url}/stream: no connection and no answer within 0.3 s`);
  });

  it('says that a server closes in the middle of the handshake', async () => {
    const url = await bytes((socket) => socket.once('data', () => socket.end('HTTP/1.1 200')));
    const outcome = await meet(transport, url);
    expect(outcome.connected).toBe(false);
    expect(outcome.reason).toContain(url.slice('http://'.length));
  });

  it('ends at a head that does not end', async () => {
    const url = await bytes((socket) =>
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\n');
        flood(socket, `x: ${'y'.repeat(1_000)}\r\n`);
      }),
    );
    expect((await meet(transport, url)).reason).toMatch(/head of its answer|Header overflow|Parse Error/i);
  });

  it('follows no redirect, so none goes round in a circle', async () => {
    let asked = 0;
    const url = await http((request, response) => {
      asked++;
      response.writeHead(302, { location: request.url ?? '/' }).end();
    });
    expect((await meet(transport, url)).reason).toMatch(/302.*: it redirects, and redirects are not followed/);
    expect(asked).toBeLessThanOrEqual(1);
  });

  it('says that a certificate is not trusted', async () => {
    const { certificate, key } = await makeCertificate(['127.0.0.1']);
    const url = await listening(createHttpsServer({ cert: certificate, key }, (_, response) => response.end()));
    const { reason } = await meet(transport, url.replace('http:', 'https:'));
    expect(reason).toMatch(/its certificate is not trusted: name its authority/);
  });

  it('takes no answer of a kind that it does not understand', async () => {
    const url = await http((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Hello</h1>'),
    );
    const { reason } = await meet(transport, url);
    expect(reason).toMatch(/event stream|makes no sense|302/);
  });

  it('keeps to itself what came from the environment', async () => {
    process.env.HOSTILE_TOKEN = 'tell-nobody';
    closers.push(() => delete process.env.HOSTILE_TOKEN);
    const tattle: RequestListener = ({ headers }, response) => {
      response.writeHead(401, { 'x-was': String(headers.authorization) }).end(`not ${headers.authorization}`);
    };
    const server = createHttpServer(tattle).on('upgrade', ({ headers }, socket) =>
      socket.end(`HTTP/1.1 401 ${headers.authorization}\r\ncontent-length: 0\r\n\r\n`),
    );
    const { reason } = await meet(transport, await listening(server));
    expect(reason).toMatch(/401/);
    expect(reason).toMatch(/it wants to know who asks/);
    expect(reason).not.toContain('tell-nobody');
  });
});

describe('a message that does not end', () => {
  it.each(['data: ', 'data: aaaaaaaa\n'])('of SSE, line by line or in one, ends the connection: %j', async (begin) => {
    const url = await http((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      flood(response, begin.endsWith('\n') ? begin.repeat(4_096) : CHUNK);
    });
    expect((await meet(sse, url)).reason).toContain(`an event of more than ${MAX_MESSAGE_BYTES} bytes`);
  });

  it('of WebSocket is refused by its length, before a byte of it', async () => {
    const gibibyte = Buffer.from([0x82, 127, 0, 0, 0, 0, 0x40, 0, 0, 0]);
    const { reason } = await meet(websocket, await webSocket((socket) => socket.write(gibibyte)));
    expect(reason).toMatch(/a message is longer than a client takes/);
  });

  it('of WebSocket is refused in fragments too', async () => {
    const fragment = Buffer.concat([Buffer.from([0x00, 127, 0, 0, 0, 0, 0, 1, 0, 0]), CHUNK]);
    const url = await webSocket((socket) => {
      socket.write(Buffer.from([0x02, 0]));
      flood(socket, fragment);
    });
    expect((await meet(websocket, url)).reason).toMatch(/a message is longer than a client takes/);
  });

  it.each([shortPolling, longPolling])('of a poll ends the connection', async (transport) => {
    const url = await http((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      flood(response, CHUNK);
    });
    expect((await meet(transport, url)).reason).toContain(`an answer of more than ${MAX_MESSAGE_BYTES} bytes`);
  });
});

it('an answer to a publish that does not end is cut off', async () => {
  const url = await http((request, response) => {
    request.resume();
    flood(response.writeHead(200), CHUNK);
  });
  const side = new ForeignSide({
    endpoint: {},
    headers: {},
    publish: { url, method: 'POST', path: '/say', headers: {}, body: '{body}' },
    answerMs: 20_000,
    trust: { ca: null },
  });
  side.publisher?.publish('c00000', Buffer.from('hello'));
  await side.close();
  expect(side.errors).toEqual([expect.stringMatching(/POST http.*\/say: an answer of more than 1048576 bytes/)]);
  expect(side.publisher?.taken).toBe(0);
});

describe('what is no message', () => {
  it.each([
    ['invalid UTF-8 in a text', [0x81, 2, 0xc3, 0x28], /1007|UTF-8/i],
    ['a reserved opcode', [0x83, 0], /opcode/i],
    ['a masked frame', [0x81, 0x81, 1, 2, 3, 4, 5], /MASK/i],
    ['a control frame that is too long', [0x89, 126, 0, 200], /payload length/i],
  ])('%s of WebSocket drops the connection', async (_, frame, reason) => {
    const outcome = await meet(websocket, await webSocket((socket) => socket.write(Buffer.from(frame))));
    expect(outcome).toMatchObject({ connected: true, messages: 0, reason: expect.stringMatching(reason) });
  });

  it('invalid UTF-8 of SSE counts as a message without a stamp', async () => {
    const url = await http((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(Buffer.from([...Buffer.from('data: '), 0xc3, 0x28, ...Buffer.from('\n\n')]));
    });
    expect(await meet(sse, url)).toMatchObject({ connected: true, messages: 0, unstamped: 1 });
  });
});

describe('a server that sends more than clients can read', () => {
  const message = Buffer.alloc(1_000, 'x');
  writeEnvelope(message, { publisher: 0, sequence: 1, dueUs: 2, lagUs: 3 });

  it.each([
    [
      sse,
      () =>
        http((_, response) => {
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          flood(response, `data: ${message}\n\n`.repeat(64));
        }),
    ],
    [
      websocket,
      () =>
        webSocket((socket) => {
          const frame = Buffer.concat([Buffer.from([0x81, 126, message.length >> 8, message.length & 255]), message]);
          flood(socket, Buffer.concat(Array.from({ length: 64 }, () => frame)));
        }),
    ],
  ] as const)('waits, and nothing piles up', async (transport, open) => {
    const before = process.memoryUsage().arrayBuffers;
    const outcome = await meet(transport, await open(), 50_000);
    expect(outcome).toMatchObject({ connected: true, reason: 'enough', unstamped: 0 });
    expect(outcome.messages).toBeGreaterThanOrEqual(50_000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 * 1024);
  });
});
