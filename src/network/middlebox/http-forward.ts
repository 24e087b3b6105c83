import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createGzip } from 'node:zlib';
import type { Endpoint } from '../../protocol/messages.js';

/** What happens to HTTP/1.1 on its way; see `hostile-modes.ts`. */
export type HttpMode = 'buffer' | 'gzip' | 'strip-upgrade';

/** Headers that are between two neighbours, not to be passed on. */
const HOP_BY_HOP = ['connection', 'upgrade', 'keep-alive', 'transfer-encoding', 'te', 'proxy-connection'];

/**
 * Reads HTTP/1.1 from the sockets it is given and speaks it to the server, a connection for each request. What is no
 * HTTP/1.1 gets 400; upgrades pass, unless the mode strips them.
 */
export function httpForward(
  mode: HttpMode,
  open: (server: Endpoint) => Socket,
): (client: Socket, server: Endpoint) => void {
  const serverOf = new WeakMap<object, Endpoint>();
  const target = (message: IncomingMessage) => {
    const server = serverOf.get(message.socket);
    if (!server) throw new Error('a request came from a socket that was never handed over');
    return server;
  };
  const http = createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, (incoming, outgoing) =>
    forward(incoming, outgoing, mode, open(target(incoming))),
  );
  if (mode !== 'strip-upgrade') {
    http.on('upgrade', (incoming, client, head) => tunnel(incoming, client as Socket, head, open(target(incoming))));
  }
  return (client, server) => {
    serverOf.set(client, server);
    http.emit('connection', client);
  };
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, mode: HttpMode, server: Socket): void {
  const { method, url: path, headers } = incoming;
  const onward = request({ method, path, headers: endToEnd(headers), createConnection: () => server });
  onward.once('response', (answer) => passOn(answer, outgoing, mode));
  onward.once('error', () => {
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(502, { 'Content-Length': 0 }).end();
  });
  outgoing.once('close', () => server.destroy());
  incoming.pipe(onward);
}

function passOn(answer: IncomingMessage, outgoing: ServerResponse, mode: HttpMode): void {
  const headers = endToEnd(answer.headers);
  const status = answer.statusCode ?? 502;
  answer.once('error', () => outgoing.destroy());
  answer.once('aborted', () => outgoing.destroy());
  switch (mode) {
    case 'buffer': {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('end', () => {
        const body = Buffer.concat(chunks);
        outgoing.writeHead(status, { ...headers, 'content-length': body.length }).end(body);
      });
      break;
    }
    case 'gzip': {
      delete headers['content-length'];
      outgoing.writeHead(status, { ...headers, 'content-encoding': 'gzip' });
      answer.pipe(createGzip()).pipe(outgoing);
      break;
    }
    case 'strip-upgrade':
      outgoing.writeHead(status, headers).flushHeaders();
      answer.pipe(outgoing);
  }
}

/** Passes on the request as it is, and from then on bytes. */
function tunnel(incoming: IncomingMessage, client: Socket, head: Buffer, server: Socket): void {
  const { rawHeaders } = incoming;
  let text = `${incoming.method} ${incoming.url} HTTP/1.1\r\n`;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    text += `${rawHeaders[index]}: ${rawHeaders[index + 1]}\r\n`;
  }
  server.write(`${text}\r\n`);
  server.write(head);
  client.pipe(server).pipe(client);
  client.once('close', () => server.destroy());
  server.once('close', () => client.destroy());
}

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
}
