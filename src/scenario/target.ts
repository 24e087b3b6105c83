import type { Endpoint, PublishTemplate } from '../transports/endpoint.js';
import type { ClockOffset, Stamp } from './stamp.js';

/** A server that is not rtbench's own, and how to measure it. Texts hold `${NAME}` for what the environment holds. */
export interface Target {
  /** Scheme, host and port: `http://localhost:5000`; port 0: each run has a port of its own (`target-port.ts`). */
  readonly url: string;
  /** Sent with everything, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** By the name of a transport; what has none is spoken as the reference server speaks it. */
  readonly endpoints: Readonly<Record<string, TargetEndpoint>>;
  /** How messages are published where the scenario says that the server does; `null`: nothing is. */
  readonly publish: PublishRequest | null;
  /** Where its messages carry what tells when, or which, they are. */
  readonly stamp: Stamp;
  /** Of its clock; `null`: not said. */
  readonly clockOffset: ClockOffset | null;
  /** Path of a PEM file with the only authority to trust over TLS; `null`: those of the system. */
  readonly caFile: string | null;
  readonly bounds: TargetBounds;
  /** How long it may take to take a connection and answer, ms. */
  readonly answerMs: number;
  /** The server's process, where it is known; `null`: it is somewhere. */
  readonly server: TargetServer | null;
  /** A host that is not this machine may be loaded: said on the command line, and nowhere else. */
  readonly mayLoadHost: boolean;
}

export interface TargetEndpoint extends Omit<Endpoint, 'headers' | 'publish' | 'maxMessageBytes'> {
  /** Instead of that of the target. */
  readonly url?: string | undefined;
}

export interface PublishRequest extends PublishTemplate {
  /** Scheme, host and port; `null`: those of the target. */
  readonly url: string | null;
}

export type TargetServer =
  | {
      readonly kind: 'command';
      readonly command: string;
      readonly ready: string | null;
      readonly timeoutMs: number;
      /** Where it is started; absent: the working directory. */
      readonly folder?: string;
      /** Over what it inherits of the environment. */
      readonly environment?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'pid'; readonly pid: number };

/** The most that a target is loaded with unless its scenario says otherwise. */
export interface TargetBounds {
  readonly clients: number;
  readonly ratePerSecond: number;
  readonly durationMs: number;
}

export const DEFAULT_BOUNDS: TargetBounds = { clients: 1_000, ratePerSecond: 1_000, durationMs: 300_000 };

/** What the reference server takes. */
export const REFERENCE_PUBLISH: PublishRequest = {
  method: 'POST',
  url: null,
  path: '/messages?channel={channel}',
  headers: {},
  body: '{body}',
};

/** Whether what it sends is not what rtbench publishes, so that only what arrives is known. */
export function isObserved({ stamp }: Pick<Target, 'stamp'>): boolean {
  return stamp.kind !== 'envelope';
}

/** How far its clock is from this machine's: not at all where it is this machine. `null`: nobody knows. */
export function clockOf(clockOffset: ClockOffset | null, url: string): ClockOffset | null {
  return clockOffset ?? (isLoopback(new URL(url).hostname) ? { offsetUs: 0, errorUs: 0 } : null);
}

/** Whether a host is this machine by its name. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Every URL that is opened, each once. */
export function urlsOf({ url, endpoints, publish }: Target): readonly string[] {
  const own = Object.values(endpoints).flatMap((endpoint) => endpoint.url ?? []);
  return [...new Set([url, ...own, ...(publish?.url ? [publish.url] : [])])];
}
