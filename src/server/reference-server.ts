import { ByteLedger, type UncountedParts } from '../metrics/byte-ledger.js';
import type { TransportRef } from '../protocol/messages.js';
import { loadTransport } from '../transports/index.js';
import type { Mounted, Payload, ServerLimits } from '../transports/transport.js';
import type { ServerIdentity } from './certificate.js';
import { FrontDoor } from './front-door.js';
import { type HubOptions, MessageHub } from './hub.js';

export interface ReferenceServerOptions {
  readonly transports: readonly TransportRef[];
  readonly payload: Payload;
  readonly limits: ServerLimits;
  readonly firstId: number;
  readonly history: HubOptions['history'];
  readonly addresses: readonly string[];
  readonly onMessage?: () => void;
  /** Have everything over TLS, as this server; absent or `null`: in the clear. */
  readonly tls?: ServerIdentity | null;
  /** Of the HTTP listener; 0: any free one. */
  readonly port?: number;
  /** In place of one of its own, with `firstId` and `history` then of no effect. */
  readonly hub?: MessageHub;
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

  private constructor(hub: MessageHub, door: FrontDoor, ledger: ByteLedger, mounts: readonly Mounted[]) {
    this.hub = hub;
    this.door = door;
    this.ledger = ledger;
    this.uncounted = mounts[0]?.uncounted ?? { up: [], down: [] };
    this.urls = mounts.map((mount) => door.urls.get(mount) ?? []);
  }

  /** Rejects when a transport cannot be loaded or has no server half, or a port is in use. */
  static async open(options: ReferenceServerOptions): Promise<ReferenceServer> {
    const { payload, limits } = options;
    const hub = options.hub ?? new MessageHub(options);
    const ledger = new ByteLedger();
    const mounts: Mounted[] = [];
    for (const { module, settings } of options.transports) {
      const transport = await loadTransport(module);
      if (!transport.server) throw new Error(`${transport.profile.name} has no server half`);
      const half = await transport.server();
      mounts.push(await half.mount({ hub, settings, payload, limits, ledger }));
    }
    const { addresses, port = 0, tls = null } = options;
    const door = await FrontDoor.open({ mounts, addresses, port, tls });
    return new ReferenceServer(hub, door, ledger, mounts);
  }

  close(): Promise<void> {
    return this.door.close();
  }
}
