import { ByteLedger } from '../metrics/byte-ledger.js';
import type { BenchOptions, ContractBench } from '../transports/testing/bench.js';
import type { Mounted, Settings, Subscriber, Subscription, Transport } from '../transports/transport.js';
import type { ServerIdentity } from './certificate.js';
import { FrontDoor } from './front-door.js';
import { MessageHub } from './hub.js';
import { SERVER_LIMITS } from './limits.js';

/** Longer than anything in a test may take. */
const DRAIN_DEADLINE_MS = 20_000;

/** A server of this process with one transport on a real front door, for the contract suite. */
export async function openContractBench(
  transport: Transport,
  options: BenchOptions = {},
  identity: ServerIdentity | null = null,
): Promise<ContractBench> {
  if (!transport.server) throw new Error(`${transport.profile.name} has no server half to test against`);
  const half = await transport.server();
  const payload = options.payload ?? 'text';
  const credentials = options.credentials ?? null;
  const defaults = Object.fromEntries(Object.entries(transport.settings).map(([key, spec]) => [key, spec.default]));
  const settings: Settings = { ...defaults, ...transport.profile.resumeSettings, ...options.settings };
  const received: { channel: string; body: Buffer }[] = [];
  const hub = new ObservedHub(options.historyMessages ?? 10_000, (channel, body) => received.push({ channel, body }));
  const mounted = await half.mount({
    hub,
    settings,
    payload,
    limits: SERVER_LIMITS,
    credentials,
    ledger: new ByteLedger(),
  });
  const openDoor = async (mount: Mounted) =>
    FrontDoor.open({
      mounts: [mount],
      addresses: ['127.0.0.1'],
      tls: identity,
      credentials: new Map(credentials ? [[mount, credentials]] : []),
    });
  const door = await openDoor(mounted);
  const doors = [door];
  return {
    transport,
    settings,
    payload,
    credentials,
    tls: identity && { ca: identity.certificate },
    urls: door.urls.get(mounted) ?? [],
    limits: SERVER_LIMITS,
    publish: (channel, body) => hub.publish(channel, Buffer.from(body)).id,
    received,
    tellTooSlow: (index) => hub.endAsTooSlow(index),
    waitingBytes: () => hub.standing.others.waitingBytes,
    cut: () => door.destroySockets(),
    drain: () => door.drain(DRAIN_DEADLINE_MS),
    async successor() {
      const mount = await half.mount({
        hub,
        settings,
        payload,
        limits: SERVER_LIMITS,
        credentials,
        ledger: new ByteLedger(),
      });
      const next = await openDoor(mount);
      doors.push(next);
      return next.urls.get(mount) ?? [];
    },
    async close() {
      await Promise.all(doors.map((each) => each.close()));
    },
  };
}

class ObservedHub extends MessageHub {
  readonly #onReceive: (channel: string, body: Buffer) => void;
  readonly #subscribers: { readonly subscriber: Subscriber; readonly subscription: Subscription }[] = [];

  constructor(historyMessages: number, onReceive: (channel: string, body: Buffer) => void) {
    super({ firstId: 1, history: { messages: historyMessages, bytes: 64 * 1024 * 1024 }, limits: SERVER_LIMITS });
    this.#onReceive = onReceive;
  }

  override subscribe(channels: readonly string[], since: number | null, subscriber: Subscriber): Subscription {
    const subscription = super.subscribe(channels, since, subscriber);
    this.#subscribers.push({ subscriber, subscription });
    return subscription;
  }

  endAsTooSlow(index: number): void {
    const { subscriber, subscription } = this.#subscribers[index] ?? {};
    if (!subscriber) throw new Error(`there is no subscriber ${index}`);
    subscription?.close();
    subscriber.tooSlow();
  }

  override receive(channel: string, body: Buffer) {
    this.#onReceive(channel, body);
    return super.receive(channel, body);
  }
}
