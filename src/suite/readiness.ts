import { once } from 'node:events';
import { connect } from 'node:net';
import { request } from 'undici';

/** How long one look may take. */
const LOOK_TIMEOUT_MS = 2_000;

/** When a server can be used: something accepts connections there, or a URL is answered. */
export type Readiness =
  | { readonly kind: 'port'; readonly host: string; readonly port: number }
  | { readonly kind: 'url'; readonly url: string };

/** From a port or a URL as a user writes it; `null`: the port of the server's own URL. */
export function readinessOf(text: string | null, serverUrl: string): Readiness {
  const { hostname, port, protocol } = new URL(serverUrl);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (text !== null && !/^\d+$/.test(text)) return { kind: 'url', url: text };
  const usual = protocol === 'https:' ? 443 : 80;
  return { kind: 'port', host, port: Number(text ?? (port === '' ? usual : port)) };
}

/** Whether it is so now: a URL counts as answered by any status below 500. Rejects after an abort alone. */
export async function isReady(readiness: Readiness, signal: AbortSignal): Promise<boolean> {
  signal.throwIfAborted();
  const timed = AbortSignal.any([signal, AbortSignal.timeout(LOOK_TIMEOUT_MS)]);
  try {
    return readiness.kind === 'port' ? await accepts(readiness, timed) : await answers(readiness.url, timed);
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

export function spellReadiness(readiness: Readiness): string {
  return readiness.kind === 'port' ? `port ${readiness.port} of ${readiness.host}` : readiness.url;
}

async function accepts({ host, port }: { host: string; port: number }, signal: AbortSignal): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal });
    return true;
  } finally {
    socket.destroy();
  }
}

async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  const { statusCode, body } = await request(url, { signal, headers: { connection: 'close' } });
  // It may be a stream that does not end.
  body.on('error', () => {});
  body.destroy();
  return statusCode < 500;
}
