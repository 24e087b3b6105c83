import type { AuthWay } from './credentials.js';
import type { Settings } from './transport.js';

/**
 * Round trips between client and server as a protocol's definition has them, where nothing but the distance takes time.
 * What a message waits for the next poll of a fixed interval is not in it.
 */
export interface RoundTripPrediction {
  /** Start of connecting → a message published from now on will arrive. */
  readonly connect: number;
  /** Start of connecting → the first message has arrived, where there is one to get at every moment. */
  readonly firstMessage: number;
  /** Publish → arrival, where nothing else is under way. */
  readonly message: number;
  /** The same of a message that is published right behind another one. */
  readonly secondMessage: number;
  /** A client sends → the server has it: the first that it sends, which may have to open a connection, and any other. */
  readonly firstUplink: number;
  readonly uplink: number;
  /** A client sends, and not for the first time → it has its own message back. */
  readonly uplinkBack: number;
}

/** What round trips depend on. */
export interface RoundTripCircumstances {
  readonly settings: Settings;
  readonly tls: boolean;
  /** How clients show a token; `null`: they show none. */
  readonly auth: AuthWay | null;
}

const ONE_WAY = 0.5;

/** Until something may be sent: one for TCP (RFC 9293, 3.5), one more for TLS 1.3 (RFC 8446, 2). */
export function handshakes(tls: boolean): number {
  return tls ? 2 : 1;
}

/** Messages come by themselves once it is open. `uplinkOpening`: of what the first message up has to open; 0: nothing. */
export function pushRoundTrips(open: number, uplinkOpening: number): RoundTripPrediction {
  return {
    connect: open,
    // The server may send as soon as it answers.
    firstMessage: open,
    message: ONE_WAY,
    secondMessage: ONE_WAY,
    ...uplinkRoundTrips(uplinkOpening),
  };
}

/** Messages are asked for. `poll`: from a request to its answer; `held`: the server keeps a request until it has one. */
export function pollRoundTrips(
  open: number,
  { poll, held, uplinkOpening }: { readonly poll: number; readonly held: boolean; readonly uplinkOpening: number },
): RoundTripPrediction {
  return {
    connect: open,
    // The first answer has a cursor only.
    firstMessage: open + poll,
    message: ONE_WAY,
    // A held request is answered with the one message there is; the next has to wait for the next request.
    secondMessage: held ? ONE_WAY + poll : ONE_WAY,
    ...uplinkRoundTrips(uplinkOpening),
  };
}

function uplinkRoundTrips(opening: number) {
  return { firstUplink: opening + ONE_WAY, uplink: ONE_WAY, uplinkBack: 2 * ONE_WAY };
}
