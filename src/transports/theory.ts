import type { Credentials } from './credentials.js';
import type { RoundTripCircumstances, RoundTripPrediction } from './round-trips.js';
import type { Payload, Settings } from './transport.js';

/**
 * What a protocol's definition says its bytes are. It is written without the transport's encoder, and without the
 * library that speaks the protocol: a figure that agrees with it has been found twice.
 */
export interface Theory {
  /**
   * What to change in these settings so that waits are short (a poll's interval, a hold), to look at sizes in little
   * time. The prediction is made for what comes out.
   */
  brisk(settings: Settings): Settings;
  /** Settings under which the server sends heartbeats; `null`: it has none. */
  readonly heartbeat: Settings | null;
  predict(circumstances: Circumstances): Prediction;
  /** Round trips over a distance; absent: nothing is said about them. */
  roundTrips?(circumstances: RoundTripCircumstances): RoundTripPrediction;
}

/** What sizes depend on, beside the size of a body. */
export interface Circumstances {
  readonly settings: Settings;
  readonly payload: Payload;
  /** Of the server's URL: `127.0.0.1:4000`. */
  readonly host: string;
  readonly clientId: number;
  /** The client's only channel, of letters and digits. */
  readonly channel: string;
  /** A message's id, and a cursor; all of them have as many digits. */
  readonly id: number;
  /** What the client shows; absent or `null`: nothing. */
  readonly credentials?: Credentials | null;
}

/** TCP payload in bytes: `up` from the client, `down` to it. */
export interface Traffic {
  readonly up: number;
  readonly down: number;
}

/** `null`: the definition has no figure for it, such as the size of a compressed header. */
export interface Prediction {
  /** From the first byte of a client that publishes until a message would arrive. */
  readonly opening: Traffic | null;
  /** One message to one client; of a pull, the answer that has it and the request. Text bodies are ASCII letters. */
  message(bodyBytes: number): Traffic | null;
  /** One message from a client to its own channel, and what the server says to that. */
  publish(bodyBytes: number): Traffic | null;
  /** Of a pull: a request and the answer that has nothing. */
  readonly emptyPoll: Traffic | null;
  readonly heartbeat: Traffic | null;
  /** Frames that receiving sets off: how many depends on what came before, so a figure leaves out whole ones. */
  readonly flowControl: FlowControl | null;
}

export interface FlowControl {
  /** As the protocol calls it. */
  readonly frame: string;
  readonly frameBytes: number;
  /** Most frames after so many bytes on a new connection. */
  maxFrames(receivedBytes: number): number;
}

/** Of a transport about whose sizes nothing is said. */
export const NO_FIGURES: Prediction = {
  opening: null,
  message: () => null,
  publish: () => null,
  emptyPoll: null,
  heartbeat: null,
  flowControl: null,
};
