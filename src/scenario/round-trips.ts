import type { TransportProfile } from '../transports/transport.js';
import type { Scenario } from './scenario.js';

/** Clients that connect anew in each run to count round trips: enough for a median that two disturbed ones do not move. */
export const ROUND_TRIP_CLIENTS = 5;

/** Interval of polls above which nobody waits for what only the next poll brings, ms. */
export const MAX_TIMED_POLL_WAIT_MS = 2_000;

/** What one of the clients does takes about so many round trips, its pauses included. */
const ROUND_TRIPS_OF_CLIENT = 18;
/** And so many waits for a poll. */
const POLL_WAITS_OF_CLIENT = 5;

/** Longest that one packet should take there and back, ms. */
export interface RoundTripsCounted {
  readonly roundTripMs: number;
}

/** Why the round trips of a row are not counted, or how long one of them should be. */
export function roundTripsCountedOf(
  { inProcess, sharesConnection }: Pick<TransportProfile, 'inProcess' | 'sharesConnection'>,
  { network, via }: Pick<Scenario, 'network' | 'via'>,
): RoundTripsCounted | { readonly why: string } {
  if (inProcess) return { why: 'nothing leaves the process' };
  if (sharesConnection) return { why: 'clients share a connection, and whoever connects finds it open' };
  if (network === null) return { why: 'clients were on loopback: --rtt or --network puts a distance between' };
  if (network.rttMs === 0) return { why: 'there was no distance (a round trip of 0)' };
  if (via === 'browser') return { why: 'the probes were pages of a browser, and no page publishes' };
  return { roundTripMs: network.rttMs + 2 * network.jitterMs };
}

/** How long counting them takes in one run of a row, ms; 0 where it is not done. */
export function roundTripsMs(
  {
    profile,
    worstWaitMs,
  }: { readonly profile: Pick<TransportProfile, 'inProcess' | 'sharesConnection'>; readonly worstWaitMs: number },
  scenario: Pick<Scenario, 'network' | 'via'>,
): number {
  const counted = roundTripsCountedOf(profile, scenario);
  return 'why' in counted ? 0 : expectedMs(counted.roundTripMs, worstWaitMs);
}

/** When counting them is given up, ms: a machine may be many times as slow as it should be. */
export function roundTripsDeadlineMs(roundTripMs: number, worstWaitMs: number): number {
  return 15_000 + 3 * expectedMs(roundTripMs, worstWaitMs);
}

function expectedMs(roundTripMs: number, worstWaitMs: number): number {
  const waitMs = worstWaitMs <= MAX_TIMED_POLL_WAIT_MS ? worstWaitMs : 0;
  return ROUND_TRIPS_OF_CLIENT * roundTripMs + POLL_WAITS_OF_CLIENT * waitMs;
}
