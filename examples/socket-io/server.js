import { createServer } from 'node:http';
import { Server } from 'socket.io';

/** How long in ms a reader that is too slow may still take what waits for it. */
const FAREWELL_MS = 1_000;

/** @type {import('rtbench').ServerHalf} */
export const serverHalf = {
  mount({ hub, settings, payload, limits, ledger }) {
    const http = createServer();
    const io = new Server(http, {
      transports: ['websocket'],
      serveClient: false,
      maxHttpBufferSize: limits.maxBodyBytes,
      perMessageDeflate: settings.deflate ? { threshold: 0 } : false,
    });
    io.on('connection', (socket) => {
      const { channels, since } = socket.handshake.auth;
      const { conn } = socket;
      const end = () => socket.disconnect(true);
      // In the turn in which the client is told that it is connected: from then on it misses nothing.
      const subscription = hub.subscribe(channels, since, {
        localPort: conn.request.socket.localPort,
        deliver({ id, body }) {
          ledger.down.payload += body.length;
          socket.emit('message', id, payload === 'text' ? body.toString() : body);
          return waitingBytes(conn) <= limits.maxBufferedBytes;
        },
        gap(oldestId) {
          socket.emit('gap', oldestId);
          end();
        },
        tooSlow() {
          const raw = conn.request.socket;
          end();
          setTimeout(() => raw.destroy(), FAREWELL_MS).unref();
        },
        waitingBytes: () => waitingBytes(conn),
      });
      conn.on('drain', () => subscription.resume());
      socket.on('publish', (channel, body) => {
        const bytes = Buffer.from(body);
        ledger.up.payload += bytes.length;
        ledger.uplink.up += bytes.length;
        hub.receive(channel, bytes);
      });
      socket.on('disconnect', () => subscription.close());
    });
    return {
      accept: 'socket',
      // The library does not say what it puts around a body: the rest of the socket's bytes is named together.
      uncounted: { up: ['framing', 'headers', 'heartbeats'], down: ['framing', 'headers', 'heartbeats'] },
      onSocket: (socket) => http.emit('connection', socket),
      async close() {
        io.disconnectSockets(true);
        io.engine.close();
      },
    };
  },
};

/** What waits in this process: in the library until its transport is free, and in the WebSocket below. */
function waitingBytes({ writeBuffer, transport }) {
  let bytes = transport.socket?.bufferedAmount ?? 0;
  for (const { data } of writeBuffer) bytes += Buffer.byteLength(data ?? '');
  return bytes;
}
