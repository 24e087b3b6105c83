// @ts-check
import websocket from '../dist/transports/websocket/index.js';

/** Deliveries between two looks at how much is owed: a burn of some ten µs, far above what a look costs. */
const DELIVERIES_PER_LOOK = 64;

/**
 * WebSocket with a server half that burns `burnPercent` of the CPU it costs, on top: a slower server of known size. What
 * it costs is read from its own process while it serves, so that nothing has to be calibrated beforehand and the
 * share holds whatever the machine's mood.
 *
 * @type {import('../dist/transports/transport.js').Transport}
 */
export default {
  ...websocket,
  profile: { ...websocket.profile, name: 'burning-websocket', title: 'WebSocket, burning' },
  settings: {
    ...websocket.settings,
    burnPercent: {
      kind: 'integer',
      default: 10,
      min: 0,
      max: 1_000,
      meaning: 'CPU burned on top of what the server costs, per cent of it',
    },
  },
  async server() {
    if (!websocket.server) throw new Error('WebSocket has no server half');
    const half = await websocket.server();
    return {
      mount(context) {
        const onDelivery = burner(Number(context.settings.burnPercent) / 100);
        return half.mount({ ...context, hub: telling(context.hub, onDelivery) });
      },
    };
  },
};

/**
 * The same hub, which tells of each delivery before it makes it.
 *
 * @param {import('../dist/transports/transport.js').Hub} hub
 * @param {() => void} onDelivery
 * @returns {import('../dist/transports/transport.js').Hub}
 */
function telling(hub, onDelivery) {
  return {
    get lastId() {
      return hub.lastId;
    },
    receive: (channel, body) => hub.receive(channel, body),
    read: (channels, since, localPort) => hub.read(channels, since, localPort),
    waitFor: (channels, onMessage) => hub.waitFor(channels, onMessage),
    subscribe: (channels, since, subscriber) =>
      hub.subscribe(channels, since, {
        localPort: subscriber.localPort,
        deliver(message) {
          onDelivery();
          return subscriber.deliver(message);
        },
        gap: (oldestId) => subscriber.gap(oldestId),
        tooSlow: () => subscriber.tooSlow(),
        waitingBytes: () => subscriber.waitingBytes(),
      }),
  };
}

/**
 * Called for each delivery; keeps what is burned at `share` of everything else the process uses from the first one on.
 *
 * @param {number} share
 */
function burner(share) {
  let deliveries = 0;
  let startUs = Number.NaN;
  let burnedUs = 0;
  return () => {
    if (deliveries === 0) startUs = cpuUs();
    if (++deliveries % DELIVERIES_PER_LOOK !== 0) return;
    const beforeUs = cpuUs();
    const owedUs = share * (beforeUs - startUs - burnedUs) - burnedUs;
    let nowUs = beforeUs;
    while (nowUs - beforeUs < owedUs) nowUs = cpuUs();
    burnedUs += nowUs - beforeUs;
  };
}

/** CPU of this process so far. */
function cpuUs() {
  const { user, system } = process.cpuUsage();
  return user + system;
}
