import type { Transport } from '../../transports/transport.js';

export function oneByteMore(transport: Transport): Transport;

/** Generic, because a transport of the build has types of its own. */
export function padded<T extends { readonly profile: Pick<Transport['profile'], 'name' | 'title'> }>(
  transport: T,
  padding: { readonly name: string; readonly title: string; readonly bytes: number },
): T;
