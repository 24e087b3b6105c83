import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { EXIT, messageOf, UsageError } from '../errors.js';
import type { TransportRef } from '../protocol/messages.js';
import { AUTH_ACCEPTED, authNotes, authProblems, authWayOf, parseAuthWay } from '../scenario/auth.js';
import { resolveRows } from '../scenario/rows.js';
import type { Row } from '../scenario/scenario.js';
import { parseWhenFull, WHEN_FULL_ACCEPTED, type WhenFull } from '../scenario/when-full.js';
import { SERVER_LIMITS } from '../server/limits.js';
import { ReferenceServer } from '../server/reference-server.js';
import type { AuthWay, Credentials } from '../transports/credentials.js';
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
  readonly auth?: string;
  readonly token?: string;
}

const MAX_DRAIN_MS = 3_600_000;
const TOKEN = /^[\w.~-]{1,200}$/;
const HISTORY = { messages: 10_000, bytes: 64 * 1024 * 1024 };

/** `rtbench serve`: until Ctrl-C or SIGTERM, and then until its clients are gone. */
export async function serve(flags: ServeFlags): Promise<number> {
  const { transport, port, publish, whenFull } = flags;
  const intervalMs = publish === undefined ? undefined : publishIntervalMs(publish);
  const drainMs = drainTimeMs(flags.drain);
  const credentials = credentialsOf(flags);
  const rows = await resolveRows(
    transport.map((spec) => ({ spec, where: '--transport' })),
    'clients',
    registry,
  );
  const problems = authProblems(rows, credentials?.way ?? null);
  if (problems.length > 0) throw new UsageError(problems);
  const server = await open(rows, { port: portOf(port), whenFull: whenFullOf(whenFull), credentials });
  // Before the line that says so: whoever reads it may press the keys at once.
  const interrupt = openInterrupt();
  for (const [index, { label, profile }] of rows.entries()) {
    console.log(`${label.padEnd(24)} ${server.urls[index]?.[0]}  ${profile.summary}`);
  }
  if (credentials) for (const line of authLines(rows, credentials, server)) console.log(line);
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

async function open(
  transports: readonly TransportRef[],
  { port, whenFull, credentials }: { port: number; whenFull: WhenFull; credentials: Credentials | null },
): Promise<ReferenceServer> {
  try {
    return await ReferenceServer.open({
      transports,
      payload: 'text',
      limits: { ...SERVER_LIMITS, maxBufferedBytes: whenFull.bufferBytes },
      whenFull,
      credentials,
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

/** A token that is not given is drawn; one that is has to fit into a cookie and a URL as it stands. */
function credentialsOf({ auth, token }: ServeFlags): Credentials | null {
  if (auth === undefined) {
    if (token !== undefined) throw new UsageError('--token: what it is shown by is missing: add --auth bearer');
    return null;
  }
  const way = parseAuthWay(auth);
  if (way === undefined) throw new UsageError(`--auth: \`${auth}\` is not ${AUTH_ACCEPTED}`);
  if (token !== undefined && !TOKEN.test(token)) {
    throw new UsageError('--token: must be 1 to 200 letters, digits or any of - . _ ~');
  }
  return { way, token: token ?? randomBytes(32).toString('base64url') };
}

/** How to get in: the token, who shows it in another way than was asked for, and a request that is answered. */
function authLines(rows: readonly Row[], { way, token }: Credentials, server: ReferenceServer): string[] {
  const shown: Partial<Record<AuthWay, (url: string) => string>> = {
    bearer: (url) => `curl -H 'Authorization: Bearer ${token}' '${url}'`,
    cookie: (url) => `curl -b 'token=${token}' '${url}'`,
    query: (url) => `curl '${url}&token=${token}'`,
  };
  const polls = rows.findIndex(({ profile }) => profile.delivery === 'pull' && profile.protocol.startsWith('HTTP'));
  const pollWay = rows[polls] && authWayOf(rows[polls], way);
  const example = pollWay && shown[pollWay]?.(`${server.urls[polls]?.[0]}/messages?since=0`);
  return [
    `Nobody gets in without the token ${token}, by ${way} where a transport can.`,
    ...authNotes(rows, way).map((note) => `  ${note}`),
    ...(example ? [`  ${example}`] : []),
  ];
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
