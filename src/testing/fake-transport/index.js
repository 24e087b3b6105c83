// @ts-check
import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';

/**
 * A technique of known faults, to test the instrument with: it delays, stalls, drops, repeats and swaps messages by
 * settings. One file without a build step, loaded by its path as a stranger's would be; it ships nowhere.
 *
 * Wire: a frame is a 4-byte length and that many bytes. Up: JSON {channels, since}, then bodies. Down: 6-byte id and
 * body; id 0 is the server's own: empty for "subscribed", a decimal for "the history begins there".
 */

/** @typedef {import('../../transports/transport.js').Transport} Transport */
/** @typedef {import('../../transports/transport.js').Message} Message */

/** @param {string} meaning @returns {import('../../transports/transport.js').SettingSpec} */
const everyNth = (meaning) => ({ kind: 'integer', default: 0, min: 0, max: 1_000_000, meaning });
/** @param {string} meaning @returns {import('../../transports/transport.js').SettingSpec} */
const duration = (meaning) => ({ kind: 'durationMs', default: 0, min: 0, max: 60_000, meaning });

/** @type {Transport} */
export default {
  profile: {
    name: 'fake',
    title: 'Fake',
    summary: 'pushes over TCP, with the faults it is told to have',
    group: 'web',
    protocol: 'TCP',
    connection: 'single persistent TCP',
    delivery: 'push',
    uplink: 'same-connection',
    framing: 'binary',
    reconnect: 'by-client',
    browser: 'unavailable',
    resume: 'always',
  },
  settings: {
    delayMs: duration('every message is sent this much later'),
    stallEveryMs: duration('a stall begins at each multiple of this time after the connect; 0: never'),
    stallMs: duration('for so long nothing is sent; it then all goes at once'),
    dropEvery: everyNth('each n-th message of a connection is not sent'),
    repeatEvery: everyNth('each n-th message of a connection is sent twice'),
    swapEvery: everyNth('each n-th message of a connection is sent after the one behind it'),
    uplinkDelayMs: duration('every message of a client is taken this much later'),
    uplinkDropEvery: everyNth('each n-th message of the clients together is not taken'),
    uplinkRepeatEvery: everyNth('each n-th message of the clients together is taken twice'),
    burnUs: everyNth('the server works for so long, in µs, on each message to each client'),
    dieAfter: everyNth('the server process ends itself when it has sent so many messages'),
  },
  worstWaitMs: (settings) => Number(settings.delayMs) + Number(settings.stallMs),
  server: async () => ({ mount }),
  client: async () => ({ connect }),
};

/** @type {import('../../transports/transport.js').ServerHalf['mount']} */
function mount({ hub, settings, limits }) {
  const sockets = new Set();
  let sentByAll = 0;
  let takenOfAll = 0;
  const take = (/** @type {string} */ channel, /** @type {Buffer} */ body) => {
    const nth = (/** @type {string} */ key) => Number(settings[key]) > 0 && takenOfAll % Number(settings[key]) === 0;
    takenOfAll++;
    const receive = () => {
      for (let times = nth('uplinkRepeatEvery') ? 2 : 1; times > 0; times--) hub.receive(channel, body);
    };
    if (nth('uplinkDropEvery')) return;
    if (settings.uplinkDelayMs === 0) receive();
    else setTimeout(receive, Number(settings.uplinkDelayMs));
  };
  return {
    accept: 'socket',
    onSocket(socket) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      /** @type {import('../../transports/transport.js').Subscription | undefined} */
      let subscription;
      let channel = '';
      const onFrame = (/** @type {Buffer} */ content) => {
        if (subscription) {
          take(channel, Buffer.from(content));
          return;
        }
        const hello = JSON.parse(content.toString());
        channel = hello.channels[0];
        socket.write(frame(0, Buffer.alloc(0)));
        const faulty = new FaultySender(settings, (message) => {
          burn(Number(settings.burnUs));
          if (!socket.destroyed) socket.write(frame(message.id, message.body));
          if (Number(settings.dieAfter) > 0 && ++sentByAll === settings.dieAfter) process.exit(7);
        });
        socket.on('close', () => faulty.close());
        subscription = hub.subscribe(hello.channels, hello.since, {
          deliver(message) {
            faulty.take(message);
            return socket.writableLength <= limits.maxBufferedBytes;
          },
          gap: (oldestId) => socket.end(frame(0, Buffer.from(String(oldestId)))),
          tooSlow: () => socket.destroy(),
          waitingBytes: () => socket.writableLength,
        });
        socket.on('drain', subscription.resume);
      };
      socket.on('data', reader(onFrame));
      socket.on('close', () => subscription?.close());
    },
    async close() {
      for (const socket of sockets) socket.end();
    },
  };
}

/** @param {number} us */
function burn(us) {
  const untilMs = performance.now() + us / 1_000;
  while (performance.now() < untilMs);
}

/** Sends the messages of one connection with the faults it is told to have. */
class FaultySender {
  #settings;
  #send;
  #count = 0;
  /** @type {Message | undefined} */
  #held;
  #startedMs = performance.now();
  /** @type {Set<NodeJS.Timeout>} */
  #timers = new Set();

  /** @param {Readonly<Record<string, unknown>>} settings @param {(message: Message) => void} send */
  constructor(settings, send) {
    this.#settings = settings;
    this.#send = send;
  }

  /** @param {Message} message */
  take(message) {
    const nth = (/** @type {string} */ key) =>
      Number(this.#settings[key]) > 0 && this.#count % Number(this.#settings[key]) === 0;
    this.#count++;
    const held = this.#held;
    this.#held = undefined;
    if (nth('swapEvery')) this.#held = message;
    else if (!nth('dropEvery')) {
      this.#sendLater(message);
      if (nth('repeatEvery')) this.#sendLater(message);
    }
    if (held) this.#sendLater(held);
  }

  close() {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  /** @param {Message} message */
  #sendLater(message) {
    const waitMs = Number(this.#settings.delayMs) + this.#stallLeftMs();
    if (waitMs === 0) {
      this.#send(message);
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#send(message);
    }, waitMs);
    this.#timers.add(timer);
  }

  #stallLeftMs() {
    const everyMs = Number(this.#settings.stallEveryMs);
    if (everyMs === 0) return 0;
    const sinceMs = performance.now() - this.#startedMs;
    return sinceMs < everyMs ? 0 : Math.max(0, Number(this.#settings.stallMs) - (sinceMs % everyMs));
  }
}

/** @type {import('../../transports/transport.js').ClientHalf['connect']} */
async function connect({ urls, clientId, channels, since, signal, onMessage, onDrop, onGap, onSendFailed }) {
  signal.throwIfAborted();
  const url = new URL(urls[clientId % urls.length] ?? '');
  const socket = connectSocket({ host: url.hostname, port: Number(url.port), noDelay: true });
  let state = 'opening';
  return new Promise((resolve, reject) => {
    const end = (/** @type {Error} */ error) => {
      const before = state;
      state = 'ended';
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      if (before === 'opening') reject(error);
      if (before === 'open') onDrop(error);
    };
    const onAbort = () => end(signal.reason);
    signal.addEventListener('abort', onAbort);
    const connection = {
      send(/** @type {string} */ channel, /** @type {Uint8Array} */ body) {
        if (channel !== channels[0]) throw new Error(`publishes to ${channels[0]} only`);
        if (state === 'ended') onSendFailed(new Error('the connection is closed'));
        else socket.write(lengthPrefixed(Buffer.from(body)));
      },
      async close() {
        state = 'ended';
        if (socket.closed) return;
        const closed = once(socket, 'close');
        socket.destroySoon();
        await closed;
      },
    };
    socket.write(lengthPrefixed(Buffer.from(JSON.stringify({ channels, since }))));
    socket.on(
      'data',
      reader((content) => {
        if (state === 'ended') return;
        const id = content.readUIntBE(0, 6);
        if (id !== 0) onMessage(content.subarray(6), id);
        else if (content.length > 6) onGap(Number(content.toString('latin1', 6)));
        else {
          state = 'open';
          signal.removeEventListener('abort', onAbort);
          resolve(connection);
        }
      }),
    );
    socket.on('error', (error) => end(new Error(`${url.host}: ${error.message}`)));
    socket.on('close', () => end(new Error(`${url.host} closed the connection`)));
  });
}

/** @param {number} id @param {Buffer} body */
function frame(id, body) {
  const head = Buffer.alloc(6);
  head.writeUIntBE(id, 0, 6);
  return lengthPrefixed(Buffer.concat([head, body]));
}

/** @param {Buffer} content */
function lengthPrefixed(content) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

/** @param {(content: Buffer) => void} onFrame */
function reader(onFrame) {
  let rest = Buffer.alloc(0);
  return (/** @type {Buffer} */ chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE(0)) {
      const end = 4 + rest.readUInt32BE(0);
      onFrame(rest.subarray(4, end));
      rest = rest.subarray(end);
    }
  };
}
