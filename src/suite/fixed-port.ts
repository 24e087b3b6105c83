import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** What Linux gives to connections; other systems' ranges begin above it. */
const DEFAULT_EPHEMERAL: PortRange = { from: 32_768, to: 60_999 };
const LOWEST = 10_000;
const HIGHEST = 65_535;
/** Fewer would soon be used up by servers side by side and what else runs here. */
const FEWEST = 1_000;
const ATTEMPTS = 100;

export interface PortRange {
  readonly from: number;
  /** It is one of them. */
  readonly to: number;
}

/** Given to somebody and not released yet: each stands for itself and the one after it. */
const given = new Set<number>();

/**
 * A port that a server can come back to: free on all these addresses now, with the one after it, given to nobody else of
 * this process until `releasePort`, and outside of what the system gives to connections. Inside of that, a client that tries
 * a server which is away would sooner or later get the very port as its own and be connected to itself.
 *
 * Rejects when there is none.
 */
export async function fixedPort(
  addresses: readonly string[],
  random: () => number = Math.random,
  range: PortRange = rangeBeside(ephemeralRange()),
): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = range.from + Math.floor(random() * (range.to - range.from));
    if ([port - 1, port, port + 1].some((each) => given.has(each))) continue;
    // Before anything is waited for: whoever asks meanwhile gets another one.
    given.add(port);
    const wanted = addresses.flatMap((host) => [port, port + 1].map((each) => ({ host, port: each })));
    const free = await Promise.all(wanted.map(isFree));
    if (free.every(Boolean)) return port;
    given.delete(port);
  }
  throw new Error(`no port from ${range.from} to ${range.to} is free on ${addresses.join(', ')}`);
}

/** The server that had it will not come back. */
export function releasePort(port: number): void {
  given.delete(port);
}

/**
 * Where servers' ports are looked for: below what connections get, or above it, where there is room. Systems that give
 * connections almost everything leave no such place; then any port has to do.
 */
export function rangeBeside(ephemeral: PortRange): PortRange {
  const places = [
    { from: LOWEST, to: ephemeral.from - 1 },
    { from: Math.max(LOWEST, ephemeral.to + 1), to: HIGHEST },
  ];
  return places.find(({ from, to }) => to - from >= FEWEST) ?? { from: LOWEST, to: HIGHEST };
}

function ephemeralRange(): PortRange {
  try {
    const [from, to] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/).map(Number);
    return from && to ? { from, to } : DEFAULT_EPHEMERAL;
  } catch {
    return DEFAULT_EPHEMERAL;
  }
}

function isFree(at: { readonly host: string; readonly port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(at, () => server.close(() => resolve(true)));
  });
}
