import { messageOf } from '../../errors.js';
import type { LedgerSample, UncountedParts } from '../../metrics/byte-ledger.js';
import type { TransportRef } from '../../protocol/messages.js';
import type { Pattern } from '../../transports/inspection.js';
import type { Traffic } from '../../transports/theory.js';
import { openServer } from '../same-process.js';
import { ListeningHub, Talk } from './talk.js';
import { type RecordedConnection, Tap } from './tap.js';

/** How long a server may take to see that all connections have closed. */
const CLOSE_MS = 10_000;
const BOUNDS = { maxBytes: 8 * 1024 * 1024, maxConnections: 64 };

/** What is said, one message each. */
export interface Script {
  readonly down: readonly Buffer[];
  readonly up: readonly Buffer[];
}

export interface RecordOptions {
  readonly transport: TransportRef;
  /** How long a message may wait for the transport itself, ms. */
  readonly worstWaitMs: number;
  /** In place of the usual exchange. */
  readonly pattern: Pattern | null;
  readonly script: Script;
  /** Base URL of a server that runs elsewhere; `null`: the reference server, in this process. */
  readonly url: string | null;
  readonly signal: AbortSignal;
  /** How long a step may take beyond what the transport itself waits, ms. */
  readonly stepMs?: number;
}

/** A recorded exchange. */
export interface Recorded {
  readonly connections: readonly RecordedConnection[];
  /** When the clock of the connections was at 0, ms since 1970. */
  readonly clockStartMs: number;
  /** Why it is not all that was said; `null`: it is. */
  readonly problem: string | null;
  /** Why the exchange with a server elsewhere broke off after it had said something; `null`: it did not. */
  readonly failure: string | null;
  /** What the reference server's sockets counted, and what its ledger says of it; `null`: of a server elsewhere. */
  readonly server: {
    readonly bytes: Traffic;
    readonly ledger: LedgerSample;
    readonly uncounted: UncountedParts;
  } | null;
}

/**
 * One client's short exchange in lock-step, recorded: it opens, gets each message of the script, sends each, waits for a
 * heartbeat where there is one, and closes. Rejects where a step does not come about, unless a server elsewhere has said
 * something by then: that is worth showing.
 */
export async function record(options: RecordOptions): Promise<Recorded> {
  const hub = new ListeningHub();
  const server = options.url === null ? await openServer(options.transport, { hub }) : null;
  const upstream = new URL(options.url ?? server?.urls[0]?.[0] ?? '');
  const tap = await Tap.open({ host: bareHost(upstream), port: portOf(upstream), ...BOUNDS });
  try {
    const failure = await broken(options, tap, hub, upstream);
    await server?.door.untilAllClosed(CLOSE_MS);
    const bytes = server?.door.sample().bytes;
    return {
      connections: tap.connections,
      clockStartMs: tap.clockStartMs,
      problem: tap.problem,
      failure,
      server: server && bytes ? { bytes, ledger: server.ledger.sample(), uncounted: server.uncounted } : null,
    };
  } finally {
    await tap.close();
    await server?.close();
  }
}

/** Has the exchange take place. Resolves to why a server elsewhere broke it off; `null`: nothing did. */
async function broken(options: RecordOptions, tap: Tap, hub: ListeningHub, upstream: URL): Promise<string | null> {
  const { url, pattern, signal } = options;
  const talk = new Talk(options, tap, hub);
  const tapUrl = `${upstream.protocol}//127.0.0.1:${tap.port}`;
  try {
    await (pattern ? talk.follow(pattern, tapUrl) : talk.usual(tapUrl));
    await talk.until(() => tap.open === 0, 'the connections did not close');
    return null;
  } catch (error) {
    if (signal.aborted) throw error;
    // The client knows the relay only.
    const why = tap.problem ?? messageOf(error).replaceAll(`127.0.0.1:${tap.port}`, upstream.host);
    const answered = tap.connections.some(({ chunks }) => chunks.some(({ direction }) => direction === 'down'));
    if (url !== null && answered) return why;
    throw new Error(why);
  }
}

function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' || protocol === 'wss:' ? 443 : 80) : Number(port);
}
