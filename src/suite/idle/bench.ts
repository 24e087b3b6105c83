import { setTimeout as delay } from 'node:timers/promises';
import { channelName } from '../../load/schedule.js';
import { type Relay, type RelayOptions, startRelay } from '../../network/relay/relay.js';
import type { TransportRef } from '../../protocol/messages.js';
import { NO_DISTANCE } from '../../scenario/network.js';
import type { ReferenceServer } from '../../server/reference-server.js';
import type { Credentials } from '../../transports/credentials.js';
import type { Connection } from '../../transports/transport.js';
import { connectTo, openServer } from '../same-process.js';

/** Of a bench's clients: the time from the first connect to the last, in which their heartbeats get out of step. */
const MAX_SPREAD_MS = 1_000;

export interface IdleBenchOptions {
  readonly transport: TransportRef;
  readonly clients: number;
  /** Longest time between two heartbeats; `null`: there are none. */
  readonly everyMs: number | null;
  /** What stands between clients and server; `null`: nothing. */
  readonly relay: Pick<RelayOptions, 'idle'> | null;
  /** What clients show and the server asks for; `null`: nothing. */
  readonly credentials: Credentials | null;
  readonly signal: AbortSignal;
}

/** A client that only waits. */
export interface IdleClient {
  /** When it was told that its connection is gone, by `performance.now()`; `null`: it was not. */
  droppedMs: number | null;
}

/** A server, what may stand before it, and clients without anything to do, all in this process. */
export class IdleBench {
  readonly server: ReferenceServer;
  readonly relay: Relay | null;
  readonly clients: readonly IdleClient[];
  readonly #connections: readonly Connection[];

  static async open(options: IdleBenchOptions): Promise<IdleBench> {
    const { transport, clients: count, everyMs, credentials, signal } = options;
    const server = await openServer(transport, { credentials });
    let relay: Relay | null = null;
    const clients: IdleClient[] = [];
    const connections: Connection[] = [];
    try {
      const { protocol, hostname, port } = new URL(server.urls[0]?.[0] ?? '');
      const upstreams = [{ host: hostname, port: Number(port) }];
      if (options.relay) relay = await startRelay({ upstreams, conditions: NO_DISTANCE, seed: 1, ...options.relay });
      const [way = { host: hostname, port: Number(port) }] = relay?.addresses ?? [];
      const url = `${protocol}//${way.host}:${way.port}`;
      for (let index = 0; index < count; index++) {
        if (index > 0) await delay(Math.min(everyMs ?? 0, MAX_SPREAD_MS) / count, undefined, { signal });
        const client: IdleClient = { droppedMs: null };
        clients.push(client);
        const connecting = connectTo(transport, {
          urls: [url],
          clientId: index,
          channels: [channelName(index)],
          phase: index / count,
          credentials,
          signal,
          onDrop: () => {
            client.droppedMs = performance.now();
          },
        });
        const connection = await connecting.catch((error: unknown) => {
          // A timeout shorter than it takes to connect cuts that already.
          if (!relay || relay.sample().connections.idleEnded === 0) throw error;
          client.droppedMs = performance.now();
        });
        if (connection) connections.push(connection);
      }
      return new IdleBench(server, relay, clients, connections);
    } catch (error) {
      await close(server, relay, connections);
      throw error;
    }
  }

  private constructor(
    server: ReferenceServer,
    relay: Relay | null,
    clients: readonly IdleClient[],
    connections: readonly Connection[],
  ) {
    this.server = server;
    this.relay = relay;
    this.clients = clients;
    this.#connections = connections;
  }

  close(): Promise<void> {
    return close(this.server, this.relay, this.#connections);
  }
}

/** The relay first: through one that has lost connections, no goodbye would ever be answered. */
async function close(server: ReferenceServer, relay: Relay | null, connections: readonly Connection[]): Promise<void> {
  await relay?.stop();
  await Promise.all(connections.map((connection) => connection.close()));
  await server.close();
}
