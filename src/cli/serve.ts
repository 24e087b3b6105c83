import { once } from 'node:events';
import { EXIT, messageOf, UsageError } from '../errors.js';
import type { TransportRef } from '../protocol/messages.js';
import { resolveRows } from '../scenario/rows.js';
import { parseWhenFull, WHEN_FULL_ACCEPTED, type WhenFull } from '../scenario/when-full.js';
import { SERVER_LIMITS } from '../server/limits.js';
import { ReferenceServer } from '../server/reference-server.js';
import { DEFAULT_CHANNEL } from '../transports/http/query.js';
import { ACCEPTED, formatCount, parseDurationMs, parseRatePerSecond, spellDurationMs } from '../units.js';
import { openInterrupt } from './interrupt.js';
import { registry } from './registry.js';

export interface ServeFlags {
  readonly transport: readonly string[];
  readonly port: string;
  readonly publish?: string;
  readonly whenFull?: string;
  readonly drain: string;
}

const MAX_DRAIN_MS = 3_600_000;
const HISTORY = { messages: 10_000, bytes: 64 * 1024 * 1024 };

/** `rtbench serve`: until Ctrl-C or SIGTERM, and then until its clients are gone. */
export async function serve({ transport, port, publish, whenFull, drain }: ServeFlags): Promise<number> {
  const intervalMs = publish === undefined ? undefined : publishIntervalMs(publish);
  const drainMs = drainTimeMs(drain);
  const rows = await resolveRows(
    transport.map((spec) => ({ spec, where: '--transport' })),
    'clients',
    registry,
  );
  const server = await open(rows, portOf(port), whenFullOf(whenFull));
  // Before the line that says so: whoever reads it may press the keys at once.
  const interrupt = openInterrupt();
  for (const [index, { label, profile }] of rows.entries()) {
    console.log(`${label.padEnd(24)} ${server.urls[index]?.[0]}  ${profile.summary}`);
  }
  let count = 0;
  const timer =
    intervalMs === undefined
      ? undefined
      : setInterval(() => server.hub.publish(DEFAULT_CHANNEL, Buffer.from(`message ${++count}`)), intervalMs);
  console.log(`${timer ? `Publishing to channel "${DEFAULT_CHANNEL}". ` : ''}Ctrl-C ends it.`);
  await once(interrupt.signal, 'abort');
  await drainWithin(server, drainMs);
  clearInterval(timer);
  await server.close();
  interrupt.close();
  return EXIT.ok;
}

async function drainWithin(server: ReferenceServer, deadlineMs: number): Promise<void> {
  const { open } = server.door.sample().sockets;
  if (open === 0 || deadlineMs === 0) return;
  const time = spellDurationMs(deadlineMs);
  console.log(`Draining: ${connections(open)} told to go, for ${time} at most. A second Ctrl-C ends it at once.`);
  const { cut } = await server.drain(deadlineMs);
  console.log(cut === 0 ? 'Drained: all have gone.' : `Drained: ${connections(cut)} cut after ${time}.`);
}

function connections(count: number): string {
  return count === 1 ? '1 connection' : `${formatCount(count)} connections`;
}

async function open(transports: readonly TransportRef[], port: number, whenFull: WhenFull): Promise<ReferenceServer> {
  try {
    return await ReferenceServer.open({
      transports,
      payload: 'text',
      limits: { ...SERVER_LIMITS, maxBufferedBytes: whenFull.bufferBytes },
      whenFull,
      firstId: 1,
      history: HISTORY,
      addresses: ['127.0.0.1'],
      port,
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')) {
      throw new UsageError(`--port: ${messageOf(error)}; choose another, or 0 for any free one`);
    }
    throw error;
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new UsageError(`--port: \`${text}\` is not a port from 0 to 65535`);
  return port;
}

function whenFullOf(text = 'wait'): WhenFull {
  const whenFull = parseWhenFull(text);
  if (whenFull === undefined) throw new UsageError(`--when-full: \`${text}\` is not ${WHEN_FULL_ACCEPTED}`);
  return whenFull;
}

function drainTimeMs(text: string): number {
  const ms = parseDurationMs(text);
  if (ms === undefined || ms > MAX_DRAIN_MS) {
    throw new UsageError(`--drain: \`${text}\` is not ${ACCEPTED.duration}, at most ${spellDurationMs(MAX_DRAIN_MS)}`);
  }
  return ms;
}

function publishIntervalMs(text: string): number {
  const rate = parseRatePerSecond(text);
  if (rate === undefined || rate <= 0 || rate > 1_000) {
    throw new UsageError(`--publish: \`${text}\` is not ${ACCEPTED.rate}, above 0 and at most 1000/s`);
  }
  return 1_000 / rate;
}
