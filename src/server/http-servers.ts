import { createServer as createHttp1Server } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { Socket } from 'node:net';
import type { HttpRoutes } from './http-routes.js';

/** Serves HTTP/1.1 on the sockets it is given. */
export function http1Server(routes: HttpRoutes): (socket: Socket) => void {
  // A reader may stay silent for longer than any default of Node allows: intervals and holds are the technique's.
  const server = createHttp1Server({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 60_000, noDelay: true });
  server.timeout = 0;
  server.on('request', (request, response) => routes.onRequest(request, response));
  server.on('upgrade', (request, socket, head) => routes.onUpgrade(request, socket as Socket, head));
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    else socket.destroy();
  });
  return (socket) => server.emit('connection', socket);
}

/** Serves HTTP/2 on the sockets it is given: with prior knowledge in the clear (h2c), by ALPN over TLS. */
export function http2Server(routes: HttpRoutes): (socket: Socket) => void {
  const server = createHttp2Server();
  server.on('request', (request, response) => routes.onRequest(request, response));
  return (socket) => server.emit('connection', socket);
}
