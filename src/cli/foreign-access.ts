import { UsageError } from '../errors.js';
import { withTrustAdvice } from '../load/foreign-reasons.js';
import { redactor, requireReferences, resolveReferences } from '../scenario/references.js';
import { targetPartsOf } from '../scenario/target-flags.js';
import { tlsFor, trustOf } from '../suite/foreign-server.js';
import type { TlsTrust } from '../transports/transport.js';

export interface AccessFlags {
  readonly header: readonly string[];
  readonly ca?: string;
}

/** How to get into a server that is not rtbench's own. */
export interface Access {
  /** `null`: it is in the clear. */
  readonly tls: TlsTrust | null;
  /** With what the environment holds; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** As they were written, and may be shown. */
  readonly written: Readonly<Record<string, string>>;
  /** A reason without what came from the environment, and with what to do about a certificate that is not trusted. */
  readonly redact: (text: string) => string;
}

/** @throws UsageError where a header is none, holds a credential as it stands, or the authority's file cannot be read. */
export function accessTo(url: string, { header, ca }: AccessFlags): Access {
  const { parts, problems } = targetPartsOf({ headers: header, ca });
  if (problems.length > 0) throw new UsageError(problems);
  const written = (parts.headers ?? {}) as Access['written'];
  requireReferences(written, '--header', process.env);
  const tls = tlsFor(url, trustOf({ caFile: ca ?? null }));
  if (tls === null && ca !== undefined)
    throw new UsageError(`--ca: ${url} is in the clear: leave it out, or give an https URL`);
  const redact = redactor(written, process.env);
  return {
    tls,
    written,
    headers: resolveReferences(written, process.env),
    redact: (text) => withTrustAdvice(redact(text)),
  };
}
