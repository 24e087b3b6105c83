import { setTimeout as delay } from 'node:timers/promises';
import { channelName } from '../../load/schedule.js';
import { FIRST_ID } from '../../server/limits.js';
import type { ReferenceServer } from '../../server/reference-server.js';
import { loadTransport } from '../../transports/index.js';
import type { Circumstances, Traffic } from '../../transports/theory.js';
import { IdleBench, type IdleBenchOptions } from './bench.js';

/** How long nothing may have crossed, of an interval, for the heartbeat to be over. */
const QUIET_SHARE = 0.25;
/** For what opening a connection leaves behind, where no heartbeat follows it. */
const SETTLE_MS = 300;
/** A heartbeat may be as late. */
const SLACK_MS = 2_000;
const LOOK_MS = 2;

export interface IdleBytes {
  readonly overMs: number;
  /** In that time; 0: there are none. */
  readonly heartbeats: number;
  readonly bytes: Traffic;
  /** New connections that clients made. */
  readonly connections: number;
  /** What the protocol's definition says of as much, where it does. */
  readonly theory: Traffic | null;
}

/**
 * What one idle client moves with `heartbeats` of them, from a moment between two to another; where there are none, over
 * `windowMs`.
 */
export async function measureIdleBytes(
  options: Pick<IdleBenchOptions, 'transport' | 'everyMs' | 'credentials' | 'signal'>,
  { heartbeats, windowMs }: { readonly heartbeats: number; readonly windowMs: number },
): Promise<IdleBytes> {
  const { everyMs, signal } = options;
  const bench = await IdleBench.open({ ...options, clients: 1, relay: null });
  try {
    const { server } = bench;
    if (everyMs === null) await delay(SETTLE_MS, undefined, { signal });
    else await pastHeartbeat(server, everyMs, signal);
    const startMs = performance.now();
    const before = server.door.sample();
    if (everyMs === null) await delay(windowMs, undefined, { signal });
    else for (let beat = 0; beat < heartbeats; beat++) await pastHeartbeat(server, everyMs, signal);
    const overMs = performance.now() - startMs;
    const after = server.door.sample();
    const [dropped] = bench.clients;
    if (dropped?.droppedMs !== null) throw new Error('the client lost its connection');
    const each = everyMs === null ? null : await theoryOf(options, new URL(server.urls[0]?.[0] ?? '').host);
    return {
      overMs,
      heartbeats: everyMs === null ? 0 : heartbeats,
      bytes: { up: after.bytes.up - before.bytes.up, down: after.bytes.down - before.bytes.down },
      connections: after.sockets.accepted - before.sockets.accepted,
      theory: each && { up: heartbeats * each.up, down: heartbeats * each.down },
    };
  } finally {
    await bench.close();
  }
}

/** Resolves when a heartbeat has come and nothing moves any more. */
async function pastHeartbeat({ door }: ReferenceServer, everyMs: number, signal: AbortSignal): Promise<void> {
  const total = () => door.sample().bytes.up + door.sample().bytes.down;
  const deadlineMs = performance.now() + 2 * everyMs + SLACK_MS;
  const opening = total();
  let seen = opening;
  let sinceMs = performance.now();
  while (seen === opening || performance.now() - sinceMs < QUIET_SHARE * everyMs) {
    await delay(LOOK_MS, undefined, { signal });
    if (performance.now() > deadlineMs) throw new Error(`no heartbeat came within ${2 * everyMs + SLACK_MS} ms`);
    const now = total();
    if (now === seen) continue;
    seen = now;
    sinceMs = performance.now();
  }
}

/** One heartbeat: of a pull, a poll that finds nothing. */
async function theoryOf(
  { transport: { module, settings }, credentials }: Pick<IdleBenchOptions, 'transport' | 'credentials'>,
  host: string,
): Promise<Traffic | null> {
  const transport = await loadTransport(module);
  const theory = await transport.theory?.();
  const circumstances: Circumstances = {
    settings,
    payload: 'text',
    host,
    clientId: 0,
    channel: channelName(0),
    id: FIRST_ID,
    credentials,
  };
  const prediction = theory?.predict(circumstances);
  return prediction?.emptyPoll ?? prediction?.heartbeat ?? null;
}
