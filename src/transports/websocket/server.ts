import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type ServerOptions, WebSocket, WebSocketServer } from 'ws';
import { encodeOnce } from '../encode-once.js';
import { BadQuery, channelsOf, wholeNumber } from '../http/query.js';
import type { Message, MountContext, ServerHalf } from '../transport.js';
import { awaitToken } from './first-message.js';
import { countFrames, headBytes } from './frame-bytes.js';
import { startPings } from './pings.js';
import {
  CLOSE_TIMEOUT_MS,
  encodeWithId,
  GAP_CODE,
  GOING_AWAY,
  gapReason,
  PATH,
  PLAIN,
  TOO_SLOW_CODE,
  TOO_SLOW_REASON,
  WITH_IDS,
} from './wire.js';

export const serverHalf: ServerHalf = {
  mount(context) {
    const { settings, limits } = context;
    const options: ServerOptions & { closeTimeout: number } = {
      noServer: true,
      maxPayload: limits.maxBodyBytes,
      perMessageDeflate: settings.deflate === true ? { threshold: 0 } : false,
      handleProtocols: (offers) => chooseSubprotocol(offers) ?? false,
      closeTimeout: CLOSE_TIMEOUT_MS,
    };
    const server = new WebSocketServer(options);
    const leave = new Map<WebSocket, () => void>();
    const withId = encodeOnce(({ id, body }) => encodeWithId(id, body));
    return {
      accept: 'http1',
      uncounted: settings.deflate === true ? { up: COMPRESSED, down: COMPRESSED } : undefined,
      routes: {},
      upgrades: {
        [PATH](request, socket, head, url) {
          let query: Query;
          try {
            query = queryOf(request, url);
          } catch (error) {
            if (!(error instanceof BadQuery)) throw error;
            refuse(socket, error.message);
            return;
          }
          // The subscription follows the answer in the same turn: nothing is sent before it, nothing missed after it.
          const written = socket.bytesWritten;
          server.handleUpgrade(request, socket, head, (client) => {
            context.ledger.up.headers += socket.bytesRead - head.length;
            context.ledger.down.headers += socket.bytesWritten - written;
            const encode = client.protocol === WITH_IDS ? withId : bodyOf;
            const begin = () => leave.set(client, serve(client, { ...query, socket }, context, encode));
            client.once('close', () => leave.delete(client));
            if (context.credentials?.way === 'first-message') {
              leave.set(client, () => client.close(GOING_AWAY, 'the server drains'));
              awaitToken(client, context.credentials.token, context.ledger, begin);
            } else begin();
          });
        },
      },
      async drain() {
        // Who asks for an upgrade from now on gets 503.
        const closed = new Promise((resolve) => server.close(resolve));
        for (const leaveIt of leave.values()) leaveIt();
        await closed;
      },
      async close() {
        for (const client of server.clients) client.close(GOING_AWAY, 'the server stops');
        await new Promise((resolve) => server.close(resolve));
      },
    };
  },
};

/** Of a compressed frame nobody outside the library knows the length, nor with it the length of its head. */
const COMPRESSED = ['payload', 'framing'] as const;

interface Query {
  readonly channels: readonly string[];
  readonly since: number | null;
}

/** Returns what closes the connection after everything that was published before. */
function serve(
  client: WebSocket,
  { channels, since, socket }: Query & { readonly socket: Socket },
  { hub, settings, payload, limits, ledger }: MountContext,
  encode: (message: Message) => Buffer,
): () => void {
  const frameKind = { binary: payload === 'binary' };
  const onRoom = (error?: Error | null) => {
    if (!error) subscription.resume();
  };
  const { down } = ledger;
  const compressed = client.extensions !== '';
  const subscription = hub.subscribe(channels, since, {
    localPort: socket.localPort,
    deliver(message) {
      const frame = encode(message);
      if (!compressed && client.readyState === WebSocket.OPEN) {
        const bodyBytes = message.body.length;
        down.payload += bodyBytes;
        down.framing += headBytes(frame.length) + frame.length - bodyBytes;
      }
      const full = client.bufferedAmount + frame.length > limits.maxBufferedBytes;
      // The frame's own callback rather than the socket's drain: a compressed frame waits in the library first.
      client.send(frame, frameKind, full ? onRoom : undefined);
      return !full;
    },
    gap: (oldestId) => client.close(GAP_CODE, gapReason(oldestId)),
    // The library destroys the socket when `closeTimeout` is over.
    tooSlow: () => client.close(TOO_SLOW_CODE, TOO_SLOW_REASON),
    waitingBytes: () => client.bufferedAmount,
  });
  countFrames(client, ledger);
  const ownChannel = channels[0] ?? '';
  client.on('message', (body: Buffer) => hub.receive(ownChannel, body));
  // The library has answered with the fitting close code; the close that follows is what counts.
  client.on('error', () => {});
  const pingMs = Number(settings.pingMs);
  const stopPings = pingMs > 0 ? startPings({ client, socket, pingMs, ledger }) : () => {};
  client.once('close', () => {
    subscription.close();
    stopPings();
  });
  return () => subscription.finish(() => client.close(GOING_AWAY, 'the server drains'));
}

function bodyOf({ body }: Message): Buffer {
  return body;
}

function chooseSubprotocol(offers: Iterable<string>): string | undefined {
  for (const offer of offers) if (offer === PLAIN || offer === WITH_IDS) return offer;
  return undefined;
}

/** Throws `BadQuery`. */
function queryOf({ headers }: IncomingMessage, url: URL): Query {
  const offers = headers['sec-websocket-protocol'];
  if (offers !== undefined && !chooseSubprotocol(offers.split(',').map((offer) => offer.trim()))) {
    throw new BadQuery(`the subprotocol must be ${PLAIN} or ${WITH_IDS}, got "${offers.slice(0, 40)}"`);
  }
  return { channels: channelsOf(url), since: wholeNumber('since', url.searchParams.get('since')) };
}

function refuse(socket: Socket, reason: string): void {
  const body = `${reason}\n`;
  const head = [
    'HTTP/1.1 400 Bad Request',
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.on('error', () => socket.destroy());
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}
