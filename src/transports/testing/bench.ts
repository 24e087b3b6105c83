import type { Credentials } from '../credentials.js';
import type { Payload, ServerLimits, Settings, TlsTrust, Transport } from '../transport.js';

/** A started server half with a hub, and what the contract suite does to it. Each test gets a bench of its own. */
export interface ContractBench {
  readonly transport: Transport;
  readonly settings: Settings;
  readonly payload: Payload;
  readonly tls: TlsTrust | null;
  /** What the server asks for. */
  readonly credentials: Credentials | null;
  readonly urls: readonly string[];
  readonly limits: ServerLimits;
  /** Publishes from outside; returns the id. */
  publish(channel: string, body: Uint8Array): number;
  /** Bodies that clients published, in order. */
  readonly received: readonly { readonly channel: string; readonly body: Buffer }[];
  /** Tells the subscriber that it is too slow, as the hub does; `index`: in the order of subscribing, from 0. */
  tellTooSlow(index: number): void;
  /** What all subscribers together say that waits for them. */
  waitingBytes(): number;
  /** Cuts every connection, as a server that dies does. */
  cut(): void;
  /** Lets every client go in good order; resolves to how many had to be cut. */
  drain(): Promise<{ readonly cut: number }>;
  /** Starts another server with the same log; returns its URLs. */
  successor(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface BenchOptions {
  readonly payload?: Payload;
  /** What the server asks of every client. */
  readonly credentials?: Credentials;
  /** On top of the defaults and, where the transport has them, its resume settings. */
  readonly settings?: Settings;
  /** Smallest history that can be trimmed to. */
  readonly historyMessages?: number;
}

export interface ContractTest {
  readonly title: string;
  /** Why the test does not apply to a transport with this profile; `undefined`: it does. */
  skip?(transport: Transport): string | undefined;
  readonly options?: BenchOptions;
  run(bench: ContractBench): Promise<void>;
}
