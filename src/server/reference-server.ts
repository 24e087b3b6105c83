import { ByteLedger, type UncountedParts } from '../metrics/byte-ledger.js';
import type { Clock } from '../metrics/clock.js';
import type { Speech, StampRequest, TransportRef } from '../protocol/messages.js';
import { authWayOf } from '../scenario/auth.js';
import type { WhenFull } from '../scenario/when-full.js';
import type { Credentials } from '../transports/credentials.js';
import { loadTransport } from '../transports/index.js';
import type { Mounted, Payload, ServerLimits, Transport } from '../transports/transport.js';
import type { ServerIdentity } from './certificate.js';
import { DeliveryStamps } from './delivery-stamps.js';
import { type DrainOutcome, FrontDoor } from './front-door.js';
import { type HubOptions, MessageHub } from './hub.js';
import type { MessageLog } from './message-log.js';

export interface ReferenceServerOptions {
  readonly transports: readonly TransportRef[];
  readonly payload: Payload;
  readonly limits: ServerLimits;
  readonly firstId: number;
  readonly history: HubOptions['history'];
  readonly addresses: readonly string[];
  readonly onMessage?: () => void;
  readonly onAccept?: (() => void) | undefined;
  /** Have everything over TLS, as this server; absent or `null`: in the clear. */
  readonly tls?: ServerIdentity | null;
  /** What every client has to show, in this way or where a transport lacks it in its own; absent or `null`: nothing. */
  readonly credentials?: Credentials | null | undefined;
  /** Of the HTTP listener; 0: any free one. */
  readonly port?: number;
  /** Of its own hub. */
  readonly log?: MessageLog | undefined;
  /** In place of one of its own, with `firstId`, `history` and `stamps` then of no effect. */
  readonly hub?: MessageHub;
  /** Whether to keep when the hub takes messages, and when the readers of as many side doors have their turns. */
  readonly stamps?: { readonly request: StampRequest; readonly clock: Clock } | undefined;
  /** What becomes of readers that are full; by default they wait. */
  readonly whenFull?: WhenFull;
  /** Whether to open a side door for readers that will be slow, so that they can be told from the others. */
  readonly slowDoor?: boolean;
}

/** A hub with transports mounted on one front door, and the ledger of what they moved. */
export class ReferenceServer {
  readonly hub: MessageHub;
  readonly door: FrontDoor;
  readonly ledger: ByteLedger;
  /** Of the first transport: a measured server has one. */
  readonly uncounted: UncountedParts;
  /** Base URLs, for each transport in the order given. */
  readonly urls: readonly (readonly string[])[];
  /** For each transport in the order given. */
  readonly speaks: readonly Speech[];
  readonly stamps: DeliveryStamps | undefined;
  /** Base URLs of the first transport at each side door, one for each reader that is stamped. */
  readonly sideDoors: readonly (readonly string[])[];
  /** Base URLs of the first transport at the door of the slow readers; `null` where there is none. */
  readonly slowUrls: readonly string[] | null;

  private constructor(
    hub: MessageHub,
    door: FrontDoor,
    ledger: ByteLedger,
    mounts: readonly Mounted[],
    stamps: DeliveryStamps | undefined,
    slowDoor: boolean,
  ) {
    this.hub = hub;
    this.stamps = stamps;
    const doors = door.sideDoors.map((urls) => [...urls.values()].slice(0, 1));
    this.slowUrls = slowDoor ? (doors.pop() ?? null) : null;
    this.sideDoors = doors;
    this.door = door;
    this.ledger = ledger;
    this.uncounted = mounts[0]?.uncounted ?? { up: [], down: [] };
    this.urls = mounts.map((mount) => door.urls.get(mount) ?? []);
    this.speaks = mounts.map(speechOf);
  }

  /** Rejects when a transport cannot be loaded or has no server half, or a port is in use. */
  static async open(options: ReferenceServerOptions): Promise<ReferenceServer> {
    const { payload, limits } = options;
    const stamps = options.stamps && new DeliveryStamps(options.stamps.request, options.stamps.clock);
    const hub = options.hub ?? new MessageHub({ ...options, stamps });
    const ledger = new ByteLedger();
    const mounts: Mounted[] = [];
    const credentials = new Map<Mounted, Credentials>();
    for (const { module, settings } of options.transports) {
      const transport = await loadTransport(module);
      if (!transport.server) throw new Error(`${transport.profile.name} has no server half`);
      const half = await transport.server();
      const shown = credentialsFor(transport, options.credentials ?? null);
      const mount = await half.mount({ hub, settings, payload, limits, credentials: shown, ledger });
      mounts.push(mount);
      if (shown) credentials.set(mount, shown);
    }
    const { addresses, port = 0, tls = null, slowDoor = false, onAccept } = options;
    const readers = options.stamps?.request.readers ?? 0;
    const sideDoors = readers + (slowDoor ? 1 : 0);
    const door = await FrontDoor.open({ mounts, addresses, port, tls, credentials, sideDoors, onAccept });
    for (const [index, urls] of door.sideDoors.entries()) {
      const ports = [...urls.values()].map((url) => Number(new URL(url).port));
      for (const local of ports) {
        if (index < readers) stamps?.readerOfPort.set(local, index);
        else hub.slowPorts.add(local);
      }
    }
    return new ReferenceServer(hub, door, ledger, mounts, stamps, slowDoor);
  }

  /** Lets every client go in good order, within `deadlineMs`. `close` is still to be called. */
  drain(deadlineMs: number): Promise<DrainOutcome> {
    return this.door.drain(deadlineMs);
  }

  close(): Promise<void> {
    return this.door.close();
  }
}

/** Throws where a transport knows no way at all: it would let everybody in. */
function credentialsFor({ profile }: Transport, asked: Credentials | null): Credentials | null {
  if (asked === null) return null;
  const way = authWayOf({ profile }, asked.way);
  if (way === null) throw new Error(`${profile.name} does not authenticate`);
  return { ...asked, way };
}

function speechOf(mount: Mounted): Speech {
  if (mount.accept === 'http1') return 'http/1.1';
  return mount.accept === 'http2' || mount.alpn === 'h2' ? 'h2' : 'bytes';
}
