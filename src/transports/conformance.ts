import type { TlsTrust } from './transport.js';

/**
 * What a server elsewhere must do to be spoken to over a technique: `docs/server-contract.md`, as checks from outside.
 * They hold the bytes of the protocol against the contract, before any client half is trusted with the server.
 */
export interface Conformance {
  /** Why the server does not offer the technique; `null`: it does, or should. Rejects where nobody answers. */
  whyAbsent(peer: Peer): Promise<string | null>;
  readonly checks: readonly ConformanceCheck[];
  /** Where servers have it, that of the contract first. */
  readonly usualPaths: readonly string[];
  /** What speaks it at a path, in a few words; `null`: nothing does. Rejects where nobody answers. */
  find(peer: Peer, path: string): Promise<string | null>;
}

export interface ConformanceCheck {
  /** Stable, lower case with hyphens, distinct within a technique. */
  readonly id: string;
  /** What the contract says. */
  readonly title: string;
  /** `recommended`: rtbench can do without. */
  readonly level: 'required' | 'recommended';
  /** Nothing else of the technique can be told where this fails. */
  readonly comesFirst?: true;
  /** Rejects with an `Unmet` that says what came instead, or with `NotChecked`. */
  run(peer: Peer): Promise<void>;
}

/** The server under check, and what bounds the checks. */
export interface Peer {
  /** `http://host:port`, without a slash at the end. */
  readonly origin: string;
  /** What to trust where that is `https:`; `null`: it is in the clear. */
  readonly tls: TlsTrust | null;
  /** Sent with every request and upgrade, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Longest time for anything that is due, ms. */
  readonly patienceMs: number;
  /** Messages after which a server should have lost the first of them. */
  readonly historyMessages: number;
  /** The server promises a sign of life on an idle connection within so many ms; `null`: it promises none. */
  readonly keepAliveMs: number | null;
  /** Aborted: nobody waits for the outcome any more. */
  readonly signal: AbortSignal;
  /** Name of a channel that nobody else has. */
  newChannel(): string;
}

/** The server does something else than the contract says. */
export class Unmet extends Error {}

/** It cannot be told from outside, or nobody asked for it; the message says why. */
export class NotChecked extends Error {}

/** @throws Unmet with the text where the condition does not hold. */
export function must(condition: boolean, text: string): asserts condition {
  if (!condition) throw new Unmet(text);
}

/** Settles as the promise does, or rejects with an `Unmet` after the peer's patience. */
export async function inTime<T>({ patienceMs }: Peer, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Unmet(`${what} did not come within ${patienceMs} ms`)), patienceMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** A piece of what a peer sent, fit for a message on one line. */
export function excerpt(text: string): string {
  const shown = JSON.stringify(text.slice(0, 80));
  return text.length > 80 ? `${shown}…` : shown;
}
