import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** What Linux gives to connections; other systems' ranges begin above it. */
const DEFAULT_EPHEMERAL_FROM = 32_768;
const LOWEST = 10_000;
const ATTEMPTS = 100;

/**
 * A port that a server can come back to: free on all these addresses now, with the one after it, and outside of what
 * the system gives to connections. Inside of that, a client that tries a server which is away would sooner or later
 * get the very port as its own and be connected to itself.
 *
 * Rejects when there is none.
 */
export async function fixedPort(addresses: readonly string[], random: () => number = Math.random): Promise<number> {
  const below = Math.max(LOWEST + 2, ephemeralFrom());
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = LOWEST + Math.floor(random() * (below - 1 - LOWEST));
    const wanted = addresses.flatMap((host) => [port, port + 1].map((each) => ({ host, port: each })));
    const free = await Promise.all(wanted.map(isFree));
    if (free.every(Boolean)) return port;
  }
  throw new Error(`no port from ${LOWEST} to ${below - 1} is free on ${addresses.join(', ')}`);
}

function ephemeralFrom(): number {
  try {
    return Number.parseInt(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'), 10);
  } catch {
    return DEFAULT_EPHEMERAL_FROM;
  }
}

function isFree(at: { readonly host: string; readonly port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(at, () => server.close(() => resolve(true)));
  });
}
