import type { Chromium } from '../load/browser/chromium.js';
import { holdConnections } from '../load/browser/held-connections.js';
import type { ConnectionLimit } from '../report/browser-limits-schema.js';
import type { Row } from '../scenario/scenario.js';
import type { ServerIdentity } from '../server/certificate.js';
import { ReferenceServer } from '../server/reference-server.js';
import { loadTransport } from '../transports/index.js';
import { HUB_OPTIONS } from './same-process.js';

export interface LimitOptions {
  readonly chromium: Chromium;
  readonly row: Row;
  /** Of a server over TLS, which HTTP/2 takes. */
  readonly identity: ServerIdentity;
  readonly connections: number;
  readonly waitMs: number;
}

/** How many of the clients that one page asks for it gets, on a server that does nothing but hold them. */
export async function measureLimit(options: LimitOptions): Promise<ConnectionLimit> {
  const { chromium, row, identity, connections, waitMs } = options;
  const { module, settings, profile } = row;
  const pageHalf = await (await loadTransport(module)).page?.();
  if (!pageHalf) throw new Error(`${row.label} has nothing for a page to run`);
  const tls = profile.browserOverTlsOnly ? identity : null;
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
      onHeld() {
        const sample = server.door.sample();
        atServer = sample.requests - server.ledger.answers.total;
        sockets = sample.sockets.open;
      },
    });
    await held.close();
    return {
      transport: row.transport,
      label: row.label,
      settings: { ...settings },
      tls: tls !== null,
      asked: connections,
      atServer,
      sockets,
      furtherRequestMs: held.furtherRequestMs,
    };
  } finally {
    await server.close();
  }
}
