import type { Socket } from 'node:net';
import { isSame } from '../credentials.js';
import { encodeOnce } from '../encode-once.js';
import { destroyAfterFarewell } from '../farewell.js';
import type { Message, MountContext, ServerHalf, Subscription } from '../transport.js';
import { encodeFrame, FrameReader, LENGTH_BYTES } from './frames.js';
import { CONTROL_ID, type Hello, ID_BYTES, UNAUTHORIZED } from './wire.js';

export const serverHalf: ServerHalf = {
  mount(context) {
    const encode = encodeOnce((message: Message) => encodeDown(message.id, message.body));
    /** With what lets each go. */
    const sockets = new Map<Socket, () => void>();
    return {
      accept: 'socket',
      onSocket(socket) {
        socket.once('close', () => sockets.delete(socket));
        sockets.set(socket, serve(socket, context, encode));
      },
      async drain() {
        for (const leave of sockets.values()) leave();
      },
      async close() {
        for (const socket of sockets.keys()) socket.end();
      },
    };
  },
};

/** Returns what ends the connection once everything published before is on it. */
function serve(
  socket: Socket,
  { hub, limits, ledger, credentials }: MountContext,
  encode: (message: Message) => Buffer,
): () => void {
  let subscription: Subscription | undefined;
  let channel = '';
  let refused = false;
  const control = (text: string) => {
    const frame = encodeDown(CONTROL_ID, Buffer.from(text));
    ledger.down.headers += frame.length;
    socket.write(frame);
  };
  const reader = new FrameReader(limits.maxBodyBytes, (content) => {
    if (subscription) {
      ledger.up.payload += content.length;
      ledger.up.framing += LENGTH_BYTES;
      ledger.uplink.up += LENGTH_BYTES + content.length;
      hub.receive(channel, Buffer.from(content));
      return;
    }
    if (refused) return;
    const hello = parseHello(content);
    if (credentials && !isSame(hello.token, credentials.token)) {
      refused = true;
      control(UNAUTHORIZED);
      socket.end();
      return;
    }
    channel = hello.channels[0] ?? '';
    ledger.up.headers += LENGTH_BYTES + content.length;
    control('');
    subscription = hub.subscribe(hello.channels, hello.since, {
      localPort: socket.localPort,
      deliver(message) {
        const frame = encode(message);
        const payload = message.body.length;
        ledger.down.payload += payload;
        ledger.down.framing += frame.length - payload;
        socket.write(frame);
        return socket.writableLength <= limits.maxBufferedBytes;
      },
      gap(oldestId) {
        control(String(oldestId));
        socket.end();
      },
      tooSlow() {
        socket.end();
        destroyAfterFarewell(socket);
      },
      waitingBytes: () => socket.writableLength,
    });
    socket.on('drain', subscription.resume);
  });
  socket.on('data', (chunk: Buffer) => {
    try {
      reader.push(chunk);
    } catch {
      socket.destroy();
    }
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => subscription?.close());
  return () => {
    if (subscription) subscription.finish(() => socket.end());
    else socket.end();
  };
}

function encodeDown(id: number, body: Uint8Array): Buffer {
  const head = Buffer.allocUnsafe(ID_BYTES);
  head.writeUIntBE(id, 0, ID_BYTES);
  return encodeFrame(head, body);
}

function parseHello(content: Buffer): Hello {
  const hello: unknown = JSON.parse(content.toString());
  if (typeof hello === 'object' && hello !== null && 'channels' in hello && 'since' in hello) {
    const { channels, since } = hello;
    if (Array.isArray(channels) && channels.length > 0 && channels.every((name) => typeof name === 'string')) {
      if (since === null || Number.isSafeInteger(since)) {
        const token = 'token' in hello && typeof hello.token === 'string' ? { token: hello.token } : {};
        return { channels, since: since as number | null, ...token };
      }
    }
  }
  throw new Error('the first frame must be {"channels": [name, …], "since": id or null}');
}
