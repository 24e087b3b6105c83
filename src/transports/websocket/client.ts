import type { createConnection, TcpNetConnectOpts } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { type ClientOptions, WebSocket } from 'ws';
import { authHeaders, authQuery } from '../credentials.js';
import { DropError } from '../drop-error.js';
import { fill, fillBody } from '../endpoint.js';
import { PATIENCE } from '../heartbeat.js';
import { watchSilence } from '../silence-watch.js';
import { openTls, trustingContext } from '../tls.js';
import type { ClientHalf, Connection, ConnectOptions } from '../transport.js';
import { CLOSE_TIMEOUT_MS, decodeWithId, GAP_CODE, oldestIdOf, PATH, PLAIN, WITH_IDS } from './wire.js';

/** Longest message a client takes; far above any body, so that a broken peer cannot fill the memory. */
const MAX_DOWN_BYTES = 64 * 1024 * 1024;

/** How long in ms a server may stay silent while it is asked to upgrade. */
const HANDSHAKE_TIMEOUT_MS = 30_000;

export const clientHalf: ClientHalf = {
  connect(options) {
    return new Promise((resolve, reject) => {
      if (options.signal.aborted) reject(options.signal.reason);
      else open(options, resolve, reject);
    });
  },
};

function open(
  options: ConnectOptions,
  resolve: (connection: Connection) => void,
  reject: (error: unknown) => void,
): void {
  const { signal, onDrop, onGap } = options;
  const socket = createSocket(options);
  const { host } = new URL(socket.url);
  let state: 'opening' | 'open' | 'ended' = 'opening';
  let failure: Error | undefined;

  const onAbort = () => socket.terminate();
  signal.addEventListener('abort', onAbort);
  const fail = (error: Error) => {
    failure ??= new Error(`${host}: ${error.message}`);
  };
  let endWatch = () => {};
  socket.once('upgrade', (response) => {
    const pingMs = Number(options.settings.pingMs);
    if (pingMs === 0) return;
    endWatch = watchSilence(response.socket, PATIENCE * pingMs, (error) => {
      fail(error);
      socket.terminate();
    });
  });
  const onOpen = () => {
    state = 'open';
    signal.removeEventListener('abort', onAbort);
    resolve(connection);
  };
  socket.on('error', fail);
  const closed = new Promise<void>((done) => {
    socket.once('close', (code: number, reason: Buffer) => {
      const before = state;
      state = 'ended';
      endWatch();
      signal.removeEventListener('abort', onAbort);
      const text = failure?.message ?? `${host} closed the connection (code ${code}, reason "${reason}")`;
      const error = new DropError(text, String(code));
      if (before === 'opening') reject(signal.aborted ? signal.reason : error);
      if (before === 'open') {
        const oldestId = code === GAP_CODE ? oldestIdOf(String(reason)) : null;
        if (oldestId !== null) onGap(oldestId);
        onDrop(error);
      }
      done();
    });
  });

  const deliver = deliverer(options);
  const { credentials } = options;
  if (credentials?.way === 'first-message') {
    socket.once('open', () => socket.send(credentials.token));
    socket.once('message', () => {
      socket.on('message', deliver);
      onOpen();
    });
  } else {
    const { endpoint, channels, clientId } = options;
    if (endpoint?.first !== undefined) {
      const first = fill(endpoint.first, { channel: channels[0] ?? '', client: clientId });
      socket.once('open', () => socket.send(first));
    }
    socket.once('open', onOpen);
    socket.on('message', deliver);
  }
  const send = sender(socket, options, () => state === 'open');
  const connection: Connection = {
    send,
    async close() {
      state = 'ended';
      socket.removeAllListeners('message');
      socket.close(1000);
      await closed;
    },
  };
}

function createSocket(connect: ConnectOptions): WebSocket {
  const { settings, tls, credentials, endpoint } = connect;
  const options: ClientOptions & ConnectionOptions & { closeTimeout: number } = {
    maxPayload: endpoint?.maxMessageBytes ?? MAX_DOWN_BYTES,
    // The library offers compression unless it is told not to.
    perMessageDeflate: settings.deflate === true ? { threshold: 0 } : false,
    headers: { ...endpoint?.headers, ...authHeaders(credentials) },
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    closeTimeout: CLOSE_TIMEOUT_MS,
    ...(tls && {
      secureContext: trustingContext(tls),
      ALPNProtocols: ['http/1.1'],
      createConnection: overTls as unknown as typeof createConnection,
    }),
  };
  return new WebSocket(urlOf(connect), subprotocolsOf(connect), options);
}

/** `path` is that of the request, and would be taken for a socket's. */
function overTls({ host, port, path: _, ...options }: TcpNetConnectOpts & ConnectionOptions): TLSSocket {
  return openTls({ host: host ?? 'localhost', port }, options);
}

function urlOf({ urls, clientId, channels, since, credentials, endpoint }: ConnectOptions): URL {
  const base = urls[clientId % urls.length];
  if (endpoint?.path !== undefined) {
    return new URL(fill(endpoint.path, { channel: channels[0] ?? '', client: clientId }, encodeURIComponent), base);
  }
  const url = new URL(PATH, base);
  for (const channel of channels) url.searchParams.append('channel', channel);
  if (since !== null) url.searchParams.set('since', String(since));
  url.searchParams.set('client', String(clientId));
  url.search += authQuery(credentials);
  return url;
}

function subprotocolsOf({ settings, endpoint }: ConnectOptions): string[] {
  if (endpoint?.subprotocol !== undefined) return [endpoint.subprotocol];
  if (endpoint?.path !== undefined) return [];
  return [settings.ids === true ? WITH_IDS : PLAIN];
}

function deliverer({ settings, onMessage }: ConnectOptions): (this: WebSocket, frame: Buffer) => void {
  if (settings.ids !== true) return (frame) => onMessage(frame, null);
  return function (frame) {
    const message = decodeWithId(frame);
    if (message) onMessage(message.body, message.id);
    else this.close(1007, 'a frame without an id');
  };
}

function sender(
  socket: WebSocket,
  { channels, clientId, payload, endpoint, onSendFailed }: ConnectOptions,
  isOpen: () => boolean,
): Connection['send'] {
  const ownChannel = channels[0];
  const frameKind = { binary: payload === 'binary' };
  const template = endpoint?.message;
  const message = template === undefined ? null : fill(template, { channel: ownChannel ?? '', client: clientId });
  const onSent = (error?: Error | null) => {
    if (error && isOpen()) onSendFailed(error);
  };
  return (channel, body) => {
    if (channel !== ownChannel) {
      throw new Error(`a WebSocket client publishes to its own channel (${ownChannel}) only, not to ${channel}`);
    }
    if (socket.readyState === WebSocket.OPEN)
      socket.send(message === null ? body : fillBody(message, body), frameKind, onSent);
    else onSendFailed(new Error('the connection is closed'));
  };
}
