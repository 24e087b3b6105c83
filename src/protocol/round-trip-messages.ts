import type { Credentials } from '../transports/credentials.js';
import type { Payload, TlsTrust } from '../transports/transport.js';
import type { IngressAddress, TransportRef } from './messages.js';

/** What the probe is asked to time with clients that connect anew. Times as everywhere: µs since the run's epoch. */
export interface RoundTripRequest {
  readonly epochNs: string;
  readonly transport: TransportRef;
  readonly urls: readonly string[];
  readonly tls: TlsTrust | null;
  readonly credentials: Credentials | null;
  readonly payload: Payload;
  /** Where to publish for them. */
  readonly ingress: IngressAddress;
  readonly clients: number;
  /** Whether they can publish too. */
  readonly publishes: boolean;
  /** Longest that a round trip of one packet should take, ms. */
  readonly roundTripMs: number;
}

/** What one of these clients saw. */
export interface RoundTripTimes {
  readonly channel: string;
  /** Start of connecting → connected, µs. */
  readonly connectUs: number;
  /** The others are `null` where the next poll takes too long to be waited for. */
  readonly arrivals: RoundTripArrivals | null;
  /** The first message that it sent, and another one; none where it cannot publish. */
  readonly uplinks: readonly UplinkTimes[];
}

export interface RoundTripArrivals {
  /** Start of connecting → the first of the messages that were published all the time has arrived, µs. */
  readonly firstMessageUs: number;
  /** Publish → arrival of the first of two messages published as one, and of the second, µs. */
  readonly messageUs: number;
  readonly secondMessageUs: number;
}

export interface UplinkTimes {
  readonly sentUs: number;
  /** When it was back at the client that had sent it; `null`: not waited for. */
  readonly backUs: number | null;
}

/** What the probe says: of each client that saw it through, and why others did not. */
export interface RoundTripAnswer {
  readonly clients: readonly RoundTripTimes[];
  readonly failure: string | null;
}
