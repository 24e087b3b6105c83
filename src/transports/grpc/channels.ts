import type { Socket } from 'node:net';
import { type ChannelCredentials, Client, connectivityState, credentials } from '@grpc/grpc-js';
import { trustingContext } from '../tls.js';
import type { TlsTrust } from '../transport.js';
import { CLOSE_TIMEOUT_MS } from './wire.js';

/** Longest message a client takes; far above any body, so that a broken peer cannot fill the memory. */
const MAX_DOWN_BYTES = 64 * 1024 * 1024;

/** A gRPC channel in use by one client. */
export interface ChannelUse {
  readonly client: Client;
  /** To be called once. The last user's closes the channel and resolves when its sockets are closed. */
  release(): Promise<void>;
}

export interface ChannelOptions {
  readonly tls: TlsTrust | null;
  /** Time in ms between two pings of the client, and how long it waits for an answer; 0: none. */
  readonly pingMs: number;
  readonly sharing: 'own' | 'shared';
}

const shared = new Map<string, { channel: Channel; users: number }>();

/** A channel to `address` (host:port) of the caller's own, or the one that this process shares. */
export function acquireChannel(address: string, { tls, pingMs, sharing }: ChannelOptions): ChannelUse {
  if (sharing === 'own') {
    const channel = new Channel(address, tls, pingMs);
    return { client: channel.client, release: () => channel.close() };
  }
  const known = shared.get(address);
  // One that has failed would answer with its last error until the library tries again: that is for whoever comes back.
  const entry = known && !known.channel.hasFailed ? known : { channel: new Channel(address, tls, pingMs), users: 0 };
  entry.users++;
  shared.set(address, entry);
  return {
    client: entry.channel.client,
    async release() {
      entry.users--;
      if (entry.users > 0) return;
      if (shared.get(address) === entry) shared.delete(address);
      await entry.channel.close();
    },
  };
}

class Channel {
  readonly client: Client;
  readonly #sockets = new Set<Socket>();
  #closed = false;

  constructor(address: string, tls: TlsTrust | null, pingMs: number) {
    this.client = new Client(address, this.#watchedCredentials(tls), {
      // Without a pool of its own it would take over the connection of another channel to the same address.
      'grpc.use_local_subchannel_pool': 1,
      'grpc.enable_retries': 0,
      'grpc.enable_http_proxy': 0,
      'grpc.service_config_disable_resolution': 1,
      'grpc.enable_channelz': 0,
      'grpc.max_receive_message_length': MAX_DOWN_BYTES,
      'grpc.max_send_message_length': -1,
      ...(pingMs > 0 && {
        'grpc.keepalive_time_ms': pingMs,
        'grpc.keepalive_timeout_ms': pingMs,
        'grpc.keepalive_permit_without_calls': 1,
      }),
      // The certificate has this name too, and TLS does not let a client ask for an address.
      ...(tls && { 'grpc.ssl_target_name_override': 'localhost' }),
    });
  }

  /** Its last attempt to connect did not succeed, and the library waits before the next. */
  get hasFailed(): boolean {
    return this.client.getChannel().getConnectivityState(false) === connectivityState.TRANSIENT_FAILURE;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const wasReady = this.client.getChannel().getConnectivityState(false) === connectivityState.READY;
    this.client.close();
    const open = [...this.#sockets];
    const closed = Promise.all(open.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
    const destroy = () => {
      for (const socket of open) socket.destroy();
    };
    // A connection that never came to be is not closed by the library until the server speaks.
    const timeout = setTimeout(destroy, wasReady ? CLOSE_TIMEOUT_MS : 0);
    await closed;
    clearTimeout(timeout);
  }

  /** The library shows its sockets to the credentials alone; without a look at them nobody knows when they close. */
  #watchedCredentials(tls: TlsTrust | null): ChannelCredentials {
    const watched = tls ? credentials.createFromSecureContext(trustingContext(tls)) : credentials.createInsecure();
    const createConnector = watched._createSecureConnector.bind(watched);
    watched._createSecureConnector = (...parameters) => {
      const connector = createConnector(...parameters);
      const connect = connector.connect.bind(connector);
      connector.connect = (socket) => {
        this.#watch(socket);
        return connect(socket);
      };
      return connector;
    };
    return watched;
  }

  #watch(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    // It may have been on its way when the channel closed.
    if (this.#closed) socket.destroy();
  }
}
