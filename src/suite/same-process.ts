import type { TransportRef } from '../protocol/messages.js';
import { MessageHub } from '../server/hub.js';
import { FIRST_ID, SERVER_LIMITS } from '../server/limits.js';
import { ReferenceServer } from '../server/reference-server.js';
import type { Credentials } from '../transports/credentials.js';
import { loadTransport } from '../transports/index.js';
import type { Connection, ConnectOptions, Payload } from '../transports/transport.js';

/** Enough for whatever is published without load. */
export const HUB_OPTIONS = {
  firstId: FIRST_ID,
  history: { messages: 100_000, bytes: 64 * 1024 * 1024 },
  limits: SERVER_LIMITS,
} as const;

/**
 * A reference server of one transport in this process, on loopback and in the clear. Ids begin where those of a run do,
 * so that sizes are the same.
 */
export function openServer(
  transport: TransportRef,
  {
    payload = 'text',
    hub,
    credentials = null,
  }: { payload?: Payload; hub?: MessageHub; credentials?: Credentials | null } = {},
): Promise<ReferenceServer> {
  return ReferenceServer.open({
    ...HUB_OPTIONS,
    transports: [transport],
    payload,
    addresses: ['127.0.0.1'],
    credentials,
    hub: hub ?? new MessageHub(HUB_OPTIONS),
  });
}

/** A client of such a server, from now on; it listens to nothing but what `options` says. */
export async function connectTo(
  { module, settings }: TransportRef,
  options: Pick<ConnectOptions, 'urls' | 'clientId' | 'channels' | 'signal'> & Partial<ConnectOptions>,
): Promise<Connection> {
  const half = await (await loadTransport(module)).client();
  return half.connect({
    since: null,
    settings,
    tls: null,
    payload: 'text',
    phase: 0,
    publishes: false,
    onMessage: ignore,
    onDrop: ignore,
    onGap: ignore,
    onSendFailed: ignore,
    ...options,
  });
}

function ignore(): void {}
