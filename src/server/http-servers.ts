import { createServer as createHttp1Server, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, type ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { HttpRoutes } from './http-routes.js';

/** A client that reads an answer and GOAWAY at once gives the answer up. */
const GOAWAY_LAG_MS = 50;

export interface HttpServing {
  readonly serve: (socket: Socket) => void;
  /** Ends each connection: an idle one at once, the others after the answer that is under way. */
  endConnections(): void;
}

/** Serves HTTP/1.1 on the sockets it is given. */
export function http1Server(routes: HttpRoutes): HttpServing {
  /** Of each connection, the answer to its last request. */
  const lastAnswers = new Map<Socket, ServerResponse | undefined>();
  // A reader may stay silent for longer than any default of Node allows: intervals and holds are the technique's.
  const server = createHttp1Server({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 60_000, noDelay: true });
  server.timeout = 0;
  server.on('request', (request, response) => {
    lastAnswers.set(request.socket, response);
    routes.onRequest(request, response);
  });
  server.on('upgrade', (request, socket, head) => {
    lastAnswers.delete(request.socket);
    routes.onUpgrade(request, socket as Socket, head);
  });
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    else socket.destroy();
  });
  return {
    serve(socket) {
      lastAnswers.set(socket, undefined);
      socket.once('close', () => lastAnswers.delete(socket));
      server.emit('connection', socket);
    },
    endConnections() {
      for (const [socket, answer] of lastAnswers) {
        if (!answer || answer.closed) socket.end();
        else answer.once('close', () => socket.end());
      }
    },
  };
}

/** Serves HTTP/2 on the sockets it is given: with prior knowledge in the clear (h2c), by ALPN over TLS. */
export function http2Server(routes: HttpRoutes): HttpServing {
  const sessions = new Set<ServerHttp2Session>();
  const server = createHttp2Server();
  // As HTTP/1.1 does with a socket whose time is up; who sets none is left alone.
  server.on('session', (session) => session.on('timeout', () => session.destroy()));
  server.on('request', (request, response) => routes.onRequest(request, response));
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  return {
    serve: (socket) => server.emit('connection', socket),
    endConnections() {
      // GOAWAY, and the end once no stream is open.
      setTimeout(() => {
        for (const session of sessions) session.close();
      }, GOAWAY_LAG_MS);
    },
  };
}
