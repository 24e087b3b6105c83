import { messageOf } from '../errors.js';
import type { Chromium } from '../load/browser/chromium.js';
import { holdConnections } from '../load/browser/held-connections.js';
import type { CompletedLimit, ConnectionLimit } from '../report/browser-limits-schema.js';
import { identityOf } from '../report/rows.js';
import type { Row } from '../scenario/scenario.js';
import type { ServerIdentity } from '../server/certificate.js';
import { ReferenceServer } from '../server/reference-server.js';
import { loadTransport } from '../transports/index.js';
import { formatDurationMs } from '../units.js';
import { HUB_OPTIONS } from './same-process.js';

export interface LimitOptions {
  /** Stays its owner's. */
  readonly chromium: Chromium;
  /** Of a server over TLS, which HTTP/2 takes. */
  readonly identity: ServerIdentity;
  readonly connections: number;
  readonly waitMs: number;
  /** Ends what is being measured; the row under way is then not reported. */
  readonly signal: AbortSignal;
}

/** How many of the clients that one page asks for it gets: a row after the other, each on a server of its own. */
export async function* measureLimits(rows: readonly Row[], options: LimitOptions): AsyncGenerator<ConnectionLimit> {
  const { signal, connections, identity } = options;
  for (const row of rows) {
    if (signal.aborted) return;
    const tls = row.profile.browserOverTlsOnly ? identity : null;
    const what = { ...identityOf(row), tls: tls !== null, asked: connections };
    try {
      yield { state: 'completed', ...what, ...(await measureLimit(row, tls, options)) };
    } catch (error) {
      if (signal.aborted) return;
      yield { state: 'failed', ...what, reason: messageOf(error) };
    }
  }
}

type LimitFigures = Pick<CompletedLimit, 'atServer' | 'sockets' | 'furtherRequestMs' | 'notMeasured'>;

/** On a server that does nothing but hold what it gets. */
async function measureLimit(row: Row, tls: ServerIdentity | null, options: LimitOptions): Promise<LimitFigures> {
  const { chromium, connections, waitMs, signal } = options;
  const { module, settings } = row;
  const pageHalf = await (await loadTransport(module)).page?.();
  if (!pageHalf) throw new Error(`${row.label} has nothing for a page to run`);
  const server = await ReferenceServer.open({
    ...HUB_OPTIONS,
    transports: [{ module, settings }],
    payload: 'text',
    addresses: ['127.0.0.1'],
    tls,
  });
  try {
    const url = server.urls[0]?.[0] ?? '';
    let atServer = 0;
    let sockets = 0;
    const held = await holdConnections({
      chromium,
      pageHalf,
      client: { url, channels: ['news'], settings, payload: 'text' },
      count: connections,
      waitMs,
      signal,
      onHeld() {
        const sample = server.door.sample();
        atServer = sample.requests - server.ledger.answers.total;
        sockets = sample.sockets.open;
      },
    });
    await held.close();
    const { furtherRequestMs } = held;
    const late = `no answer within ${formatDurationMs(waitMs)}: as good as never, for a page that waits`;
    return {
      atServer,
      sockets,
      furtherRequestMs,
      notMeasured: furtherRequestMs === null ? { furtherRequestMs: late } : {},
    };
  } finally {
    await server.close();
  }
}
