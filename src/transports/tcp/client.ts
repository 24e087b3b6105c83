import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { codeOf, DropError, ENDED } from '../drop-error.js';
import { trustingContext } from '../tls.js';
import type { ClientHalf, Connection, ConnectOptions, TlsTrust } from '../transport.js';
import { encodeFrame, FrameReader } from './frames.js';
import { CONTROL_ID, type Hello, ID_BYTES, MAX_DOWN_BYTES, UNAUTHORIZED } from './wire.js';

export const clientHalf: ClientHalf = {
  connect(options) {
    if (options.signal.aborted) return Promise.reject(options.signal.reason);
    return new Promise((resolve, reject) => open(options, resolve, reject));
  },
};

function open(
  options: ConnectOptions,
  resolve: (connection: Connection) => void,
  reject: (error: unknown) => void,
): void {
  const { urls, clientId, channels, since, credentials, signal, onMessage, onDrop, onGap, onSendFailed } = options;
  const url = new URL(urls[clientId % urls.length] ?? '');
  const socket = openSocket(url, options.tls);
  let state: 'opening' | 'open' | 'ended' = 'opening';

  const end = (error: Error) => {
    const before = state;
    state = 'ended';
    signal.removeEventListener('abort', onAbort);
    socket.destroy();
    if (before === 'opening') reject(error);
    if (before === 'open') onDrop(error);
  };
  const onAbort = () => end(signal.reason);
  signal.addEventListener('abort', onAbort);

  const onControl = (text: string) => {
    if (text === UNAUTHORIZED) end(new DropError(`${url.host} refused: no valid token`, UNAUTHORIZED));
    else onGap(Number(text));
  };
  const reader = new FrameReader(MAX_DOWN_BYTES, (content) => {
    if (state === 'ended') return;
    const id = content.readUIntBE(0, ID_BYTES);
    if (id !== CONTROL_ID) onMessage(content.subarray(ID_BYTES), id);
    else if (content.length > ID_BYTES) onControl(content.toString('latin1', ID_BYTES));
    else if (state === 'opening') {
      state = 'open';
      signal.removeEventListener('abort', onAbort);
      resolve(connection);
    }
  });
  const connection: Connection = {
    send(channel, body) {
      if (channel !== channels[0])
        throw new Error(`a tcp client publishes to its own channel only, not to "${channel}"`);
      if (state === 'ended') onSendFailed(new Error('the connection is closed'));
      else socket.write(encodeFrame(body));
    },
    async close() {
      state = 'ended';
      if (socket.closed) return;
      const closed = once(socket, 'close');
      socket.end();
      // The server may never answer with its own end; a plain destroy after ours went out leaves nothing open.
      socket.destroySoon();
      await closed;
    },
  };

  const hello: Hello = { channels, since, ...(credentials && { token: credentials.token }) };
  socket.write(encodeFrame(Buffer.from(JSON.stringify(hello))));
  socket.on('data', (chunk: Buffer) => {
    try {
      reader.push(chunk);
    } catch (error) {
      end(error as Error);
    }
  });
  socket.on('error', (error) => end(new DropError(`${url.host}: ${error.message}`, codeOf(error) ?? ENDED)));
  socket.on('end', () => end(new DropError(`${url.host} closed the connection`, ENDED)));
  socket.on('close', () => end(new DropError(`${url.host} closed the connection`, ENDED)));
}

function openSocket({ hostname, port }: URL, tls: TlsTrust | null): Socket {
  const target = { host: hostname, port: Number(port) };
  if (!tls) return connectTcp({ ...target, noDelay: true });
  return connectTls({ ...target, secureContext: trustingContext(tls) }).setNoDelay(true);
}
