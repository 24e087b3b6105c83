import { createSecureContext, type SecureContext } from 'node:tls';
import type { TlsTrust } from './transport.js';

let latest: { readonly ca: string | null; readonly context: SecureContext } | undefined;

/** A context that trusts this authority and no other, or those of the system; one for all of a process's connections, which it makes cheap. */
export function trustingContext({ ca }: TlsTrust): SecureContext {
  if (latest?.ca !== ca) latest = { ca, context: createSecureContext(ca === null ? {} : { ca }) };
  return latest.context;
}
