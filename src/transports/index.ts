import { extname } from 'node:path';
import type { Transport } from './transport.js';

/** A transport that ships with rtbench. `module` is what other processes load it from. */
export interface BuiltInTransport {
  readonly name: string;
  readonly module: string;
}

/** The one list: a new technique is a folder and a line here. In the order of the guide's table, the floor last. */
export const builtInTransports: readonly BuiltInTransport[] = [
  'short-polling',
  'long-polling',
  'sse',
  'websocket',
  'grpc',
  'tcp',
].map(builtIn);

/** The instrument with nothing between publisher and recorder: not to choose from, a control on request. */
export const harness: BuiltInTransport = builtIn('harness');

function builtIn(name: string): BuiltInTransport {
  return { name, module: new URL(`./${name}/index${extname(import.meta.url)}`, import.meta.url).href };
}

/** Loads a transport from its module's default export. Rejects with a clear error when that is not a transport. */
export async function loadTransport(module: string): Promise<Transport> {
  const { default: transport } = (await import(module)) as { default?: unknown };
  if (!isTransport(transport)) {
    throw new Error(`${module}: the default export is not a transport (profile, settings, worstWaitMs and client)`);
  }
  return transport;
}

function isTransport(value: unknown): value is Transport {
  if (typeof value !== 'object' || value === null) return false;
  const { profile, settings, worstWaitMs, client } = value as Record<string, unknown>;
  const named = typeof profile === 'object' && profile !== null && 'name' in profile;
  return named && typeof settings === 'object' && typeof worstWaitMs === 'function' && typeof client === 'function';
}
