import { io } from 'socket.io-client';

/** @type {import('rtbench').ClientHalf} */
export const clientHalf = {
  connect(options) {
    if (options.signal.aborted) return Promise.reject(options.signal.reason);
    return new Promise((resolve, reject) => open(options, resolve, reject));
  },
};

function open({ urls, clientId, channels, since, settings, payload, signal, ...callbacks }, resolve, reject) {
  const { host } = new URL(urls[clientId % urls.length]);
  // The core decides whether and when to come back, and each client has a connection of its own.
  const socket = io(`http://${host}`, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    auth: { channels, since },
    perMessageDeflate: settings.deflate ? { threshold: 0 } : false,
  });
  let state = 'opening';
  const { engine } = socket.io;
  const closed = new Promise((done) => engine.once('close', done));

  const fail = (error) => {
    const before = state;
    state = 'ended';
    signal.removeEventListener('abort', onAbort);
    socket.disconnect();
    if (before === 'opening') reject(error);
    if (before === 'open') callbacks.onDrop(error);
  };
  const onAbort = () => fail(signal.reason);
  signal.addEventListener('abort', onAbort);

  socket.on('connect_error', (error) => fail(new Error(`${host}: ${error.message}`)));
  socket.on('disconnect', (reason) => fail(new Error(`${host} closed the connection (${reason})`)));
  socket.on('message', (id, body) => {
    if (state !== 'ended') callbacks.onMessage(Buffer.from(body), id);
  });
  socket.on('gap', (oldestId) => callbacks.onGap(oldestId));
  socket.once('connect', () => {
    if (state === 'ended') return;
    state = 'open';
    signal.removeEventListener('abort', onAbort);
    resolve({
      send(channel, body) {
        if (state === 'ended') callbacks.onSendFailed(new Error('the connection is closed'));
        // A copy: the library may write it later, and the caller's bytes are only lent.
        else socket.emit('publish', channel, payload === 'text' ? Buffer.from(body).toString() : Buffer.from(body));
      },
      async close() {
        state = 'ended';
        socket.disconnect();
        if (engine.readyState !== 'closed') await closed;
      },
    });
  });
}
