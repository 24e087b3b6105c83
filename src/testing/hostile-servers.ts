import { once } from 'node:events';
import { createServer as createHttpServer, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { makeCertificate } from '../server/certificate.js';

/** A server that wishes its clients ill, on a port of loopback. */
export interface HostileServer {
  readonly url: string;
  close(): void;
}

/** What it does with a stream of events, a poll and a WebSocket that it lets in. What is published it takes. */
interface Manners {
  readonly stream: (response: ServerResponse) => void;
  readonly poll: (response: ServerResponse) => void;
  readonly socket: (socket: Socket) => void;
}

const CHUNK = Buffer.alloc(64 * 1024, 'a');
const GIBIBYTE = 1024 ** 3;

async function listening(server: Server, scheme = 'http'): Promise<HostileServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** Does the same with every connection, whatever is asked over it, once something is. */
function bytes(onAsked: (socket: Socket) => void): Promise<HostileServer> {
  return listening(createServer((socket) => socket.once('data', () => onAsked(socket))));
}

function speaking({ stream, poll, socket }: Manners): Promise<HostileServer> {
  const server = createHttpServer((request, response) => {
    request.resume();
    if (request.method === 'POST') response.writeHead(202).end();
    else if (request.url?.startsWith('/messages')) poll(response);
    else {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.flushHeaders();
      stream(response);
    }
  });
  new WebSocketServer({ server }).on('connection', (client, request) => {
    client.on('error', () => {});
    socket(request.socket);
  });
  return listening(server);
}

/** Answers every request with the same status and head; an upgrade too. */
function answering(status: number, head: Readonly<Record<string, string>>, body: string): Promise<HostileServer> {
  const lines = Object.entries({ ...head, 'Content-Length': String(body.length) });
  const answer = [`HTTP/1.1 ${status} So`, ...lines.map(([name, value]) => `${name}: ${value}`), '', body].join('\r\n');
  return bytes((socket) => {
    socket.write(answer);
    socket.on('data', () => socket.write(answer));
  });
}

/** Writes for as long as somebody reads, so that this process's memory stays small. */
function flood(to: NodeJS.WritableStream, chunk: string | Buffer): void {
  const more = () => {
    while (to.writable && to.write(chunk));
  };
  to.on('drain', more);
  more();
}

function json(response: ServerResponse, body: string | Buffer): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(body);
}

/** An unmasked text frame of less than 64 KiB. */
function textFrame(body: string): Buffer {
  const payload = Buffer.from(body);
  return Buffer.concat([Buffer.from([0x81, 126, payload.length >> 8, payload.length & 255]), payload]);
}

const NOT_UTF8 = Buffer.from([0xc3, 0x28]);

/** Every way in which one wishes ill, by what it is called. */
export const HOSTILE = {
  async 'refuses connections'() {
    const server = await bytes(() => {});
    server.close();
    return server;
  },
  'never answers': () => bytes(() => {}),
  'closes in the middle of the handshake': () => bytes((socket) => socket.end('HTTP/1.1 200')),
  'answers with another content type': () => answering(200, { 'Content-Type': 'text/html' }, '<h1>Hello</h1>'),
  'sends headers without an end': () =>
    bytes((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      flood(socket, `x: ${'y'.repeat(1_000)}\r\n`);
    }),
  'redirects in a loop': () => answering(302, { Location: '/' }, ''),
  async 'has a certificate that nobody trusts'() {
    const { certificate, key } = await makeCertificate(['127.0.0.1']);
    return listening(
      createHttpsServer({ cert: certificate, key }, (_, response) => response.end()),
      'https',
    );
  },
  'sends a message of a gibibyte': () =>
    speaking({
      stream: (response) => flood(response, Buffer.concat([Buffer.from('data: '), CHUNK, Buffer.from('\n')])),
      poll(response) {
        response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': GIBIBYTE });
        flood(response, CHUNK);
      },
      socket(socket) {
        socket.write(Buffer.from([0x82, 127, 0, 0, 0, 0, 0x40, 0, 0, 0]));
        flood(socket, CHUNK);
      },
    }),
  'sends what is no UTF-8': () =>
    speaking({
      stream: (response) => response.write(Buffer.concat([Buffer.from('data: '), NOT_UTF8, Buffer.from('\n\n')])),
      poll: (response) => json(response, Buffer.concat([Buffer.from('{"last":"'), NOT_UTF8, Buffer.from('"}')])),
      socket: (socket) => socket.write(Buffer.from([0x81, 2, ...NOT_UTF8])),
    }),
  'sends what the protocol does not know': () =>
    speaking({
      stream: (response) => response.end('so: what\nis this\n\n'),
      poll: (response) => json(response, '[not json'),
      socket: (socket) => socket.write(Buffer.from([0x83, 0])),
    }),
  'sends more than anybody can read': () =>
    speaking({
      stream: (response) => flood(response, `data: ${'x'.repeat(1_000)}\n\n`.repeat(64)),
      poll: (response) =>
        json(
          response,
          JSON.stringify({ last: 1, more: true, messages: Array(1_000).fill({ id: 1, text: 'x'.repeat(1_000) }) }),
        ),
      socket: (socket) => flood(socket, Buffer.concat(Array(64).fill(textFrame('x'.repeat(1_000))))),
    }),
} as const satisfies Record<string, () => Promise<HostileServer>>;

export type Hostility = keyof typeof HOSTILE;
